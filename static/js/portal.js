// Nicer with JavaScript; nothing here is needed.
"use strict";

const summary = document.querySelector(".error-summary");
if (summary) summary.focus();
