// Nicer with JavaScript; nothing here is needed.
"use strict";

const summary = document.querySelector(".error-summary[autofocus]");
if (summary) summary.focus();
