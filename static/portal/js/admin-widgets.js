// Starts the widgets of Wagtail's admin that would otherwise be started by inline scripts, which our policy forbids
// (portal/cms/admin_widgets.py): <template data-widget="PageChooser" data-id="id_page" data-options="{…}">.
"use strict";

// Only these: what stands in a page may name one of them, and never another function.
const widgets = {
  initDateChooser: (id, options) => window.initDateChooser(id, options),
  initDateTimeChooser: (id, options) => window.initDateTimeChooser(id, options),
  initTimeChooser: (id, options) => window.initTimeChooser(id, options),
  InlinePanel: (id, options) => new window.InlinePanel(options),
  MultipleChooserPanel: (id, options) => new window.MultipleChooserPanel(options),
  Chooser: (id, options) => new window.Chooser(id, options),
  PageChooser: (id, options) => new window.PageChooser(id, options),
  ImageChooser: (id, options) => new window.ImageChooser(id, options),
  DocumentChooser: (id, options) => new window.DocumentChooser(id, options),
  SnippetChooser: (id, options) => new window.SnippetChooser(id, options),
  createTaskChooser: (id) => window.createTaskChooser(id),
};

const start = (place) => {
  const { widget, id, options } = place.dataset;
  place.remove(); // once only
  widgets[widget](id, JSON.parse(options));
};

const startAll = (root) => {
  if (root.matches?.("template[data-widget]")) start(root);
  else root.querySelectorAll?.("template[data-widget]").forEach(start);
};

document.addEventListener("DOMContentLoaded", () => {
  startAll(document);
  // What comes in later: dialogs, and forms that are added to a list.
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.isConnected) startAll(node);
  }).observe(document.body, { childList: true, subtree: true });
});
