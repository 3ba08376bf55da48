// What a script adds to pages that work without one: a key for a new arrival, one press per form, focus, print.
"use strict";

(function () {
  const keysOff = "onward-keys-off";

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  function areKeysOff() {
    try {
      return window.localStorage.getItem(keysOff) === "1";
    } catch (refused) {
      return false;
    }
  }

  function pressShortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target) || areKeysOff()) return;
    const wanted = document.querySelector('[data-shortcut="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  }

  // Without storage the switch stays hidden: it could not keep its word.
  function offerKeySwitch() {
    const button = document.querySelector("[data-shortcuts-switch]");
    if (!button || !document.querySelector("[data-shortcut]")) return;
    const show = () => { button.textContent = areKeysOff() ? button.dataset.on : button.dataset.off; };
    try {
      window.localStorage.getItem(keysOff);
    } catch (refused) {
      return;
    }
    button.addEventListener("click", function () {
      window.localStorage.setItem(keysOff, areKeysOff() ? "0" : "1");
      show();
    });
    show();
    button.hidden = false;
  }

  // The button is not disabled: its name and value still have to be sent.
  function submitOnce(event) {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
  }

  function freeForms() {
    document.querySelectorAll('form[aria-busy="true"]').forEach((form) => form.removeAttribute("aria-busy"));
  }

  function focusErrors(inside) {
    const summary = inside.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  function offerPrint() {
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }

  function begin() {
    focusErrors(document);
    offerPrint();
    offerKeySwitch();
  }

  document.addEventListener("keydown", pressShortcut);
  document.addEventListener("submit", submitOnce);
  window.addEventListener("pageshow", freeForms);
  document.addEventListener("htmx:afterRequest", freeForms);
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
