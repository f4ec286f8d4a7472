// The photo 照片: cut to 35 x 45 mm before it is sent. Without this script the server takes the middle.
"use strict";
{
  const [WIDE, HIGH] = [35, 45];
  const [LEAST, MOST] = [413, 1240]; // pixels across: what is printed, and what is worth sending
  const TOP = 4;
  const CHIN = 38; // millimetres from the upper edge: a head of 34

  const filled = (colour, ...size) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] });
    const context = canvas.getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, ...size);
    context.imageSmoothingQuality = "high";
    return context;
  };

  // A browser that hides who its person is makes up what is read from a canvas: then nothing may be sent from one.
  const honest = filled("#123456", 1, 1).getImageData(0, 0, 1, 1).data.join() === "18,52,86,255";

  // The picture, upright; null where the browser cannot read it.
  const decoded = async (file) => {
    try {
      return honest && (await createImageBitmap(file, { imageOrientation: "from-image" }));
    } catch {
      return null;
    }
  };

  // Part of the picture as a JPEG of that size, on white; null where the browser cannot.
  const drawn = async (picture, name, [x, y, wide, high], size) => {
    const context = filled("#fff", ...size);
    context.drawImage(picture, x, y, wide, high, 0, 0, ...size);
    const blob = await new Promise((done) => context.canvas.toBlob(done, "image/jpeg", 0.92));
    return blob && new File([blob], `${name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
  };

  const dialog = document.getElementById("crop");
  const canvas = dialog.querySelector("canvas");
  const [zoom, across, down] = dialog.querySelectorAll("input");
  let picture;

  // The part that is printed, in pixels of the picture.
  const part = () => {
    const wide = Math.min(picture.width, (picture.height * WIDE) / HIGH) / (zoom.value / 100);
    const high = (wide * HIGH) / WIDE;
    return [((picture.width - wide) * across.value) / 100, ((picture.height - high) * down.value) / 100, wide, high];
  };

  const draw = () => {
    const context = canvas.getContext("2d");
    const scale = canvas.width / WIDE;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, ...part(), 0, 0, canvas.width, canvas.height);
    for (const [colour, width] of [["#fff", 5], ["#b0231b", 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const y of [TOP, CHIN]) {
        context.moveTo(0, y * scale);
        context.lineTo(canvas.width, y * scale);
      }
      context.moveTo(canvas.width / 2, 0);
      context.lineTo(canvas.width / 2, scale * 2);
      context.stroke();
    }
  };

  dialog.addEventListener("input", draw);
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const [, , wide, high] = part();
    const pixels = wide / canvas.clientWidth;
    const move = (range, by, slack) => {
      if (slack > 0) range.value -= (100 * by * pixels) / slack;
    };
    move(across, event.movementX, picture.width - wide);
    move(down, event.movementY, picture.height - high);
    draw();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.type === "button") dialog.close(event.target.value);
  });

  // The cut photo; the file itself where it cannot be shown; null where the student thought better of it.
  const cropped = async (file) => {
    picture = await decoded(file);
    if (!picture) return file;
    zoom.max = 100 * Math.max(1, Math.min(4, Math.min(picture.width, (picture.height * WIDE) / HIGH) / LEAST));
    [zoom.value, across.value, down.value, dialog.returnValue] = [100, 50, 50, ""];
    draw();
    dialog.showModal();
    await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
    if (!dialog.returnValue) return null;
    const area = part();
    const wide = Math.round(Math.min(area[2], MOST));
    return (await drawn(picture, file.name, area, [wide, Math.round((wide * HIGH) / WIDE)])) || file;
  };

  const [LIGHT, HEAVY, LONGEST] = [1 << 20, 3 << 20, 3000];

  // A large picture made small enough to be sent quickly; the file itself where that is not needed or not possible.
  const shrunk = async (file) => {
    if (file.size < LIGHT || !/^image\/|\.(jfif|hei[cf]|hif)$/i.test(file.type || file.name)) return file;
    const large = await decoded(file);
    if (!large) return file;
    const scale = Math.min(1, LONGEST / Math.max(large.width, large.height));
    if (scale === 1 && file.size <= HEAVY) return file;
    const size = [large.width * scale, large.height * scale].map(Math.round);
    const small = await drawn(large, file.name, [0, 0, large.width, large.height], size);
    return small && small.size < file.size ? small : file;
  };

  globalThis.portalPictures = { cropped, shrunk };
}
