// The sheet with the rows of a list message.
import { el } from "./dom.mjs";

export function openList(message, choose) {
  const dialog = document.getElementById("list-dialog");
  document.getElementById("list-title").textContent = message.content.action.button;
  let section;
  const rows = [];
  for (const choice of message.choices) {
    if (choice.section && choice.section !== section) rows.push(el("h3", {}, choice.section));
    section = choice.section;
    rows.push(el("button", {
      type: "button", class: "row", onclick: () => { dialog.close(); choose(choice); },
    }, choice.title + (message.chosen === choice.id ? " ✓" : ""), choice.description && el("span", {}, choice.description)));
  }
  document.getElementById("list-rows").replaceChildren(...rows);
  dialog.showModal();
}
