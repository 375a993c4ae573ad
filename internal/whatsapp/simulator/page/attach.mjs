// The menu with things to send: samples that need no file, and a file of one's own.
import { el, svg } from "./dom.mjs";
import { icons } from "./icons.mjs";

const samples = [
  ["photo", "Foto", { type: "image", caption: "Vista da praia" }],
  ["voice", "Voz", { type: "audio", voice: true }],
  ["pin", "Localização", { type: "location", latitude: -23.7785, longitude: -45.3581, name: "Balsa de Ilhabela", address: "São Sebastião, SP" }],
  ["file", "Documento", { type: "document", filename: "comprovante.pdf", caption: "Segue o comprovante" }],
  ["person", "Contato", {
    type: "contacts",
    contacts: [{ name: { formatted_name: "João Duarte", first_name: "João" }, phones: [{ phone: "+55 11 91234-5678", type: "CELL" }] }],
  }],
  ["face", "Figurinha", { type: "sticker" }],
  ["film", "Vídeo", { type: "video", caption: "A praia agora" }],
  ["cart", "Pedido", {
    type: "order",
    raw: { catalog_id: "800100000000001", text: "Entregar no 204", product_items: [{ product_retailer_id: "FRIGOBAR-AGUA", quantity: 2, item_price: 7.5, currency: "BRL" }] },
  }],
  ["horn", "De anúncio", {
    type: "text", text: "Quero saber mais",
    referral: { source_url: "https://fb.me/exemploAd", source_id: "900100000000001", source_type: "ad", headline: "Réveillon à beira-mar", body: "Pacotes com ceia", ctwa_clid: "ClidDeExemplo123" },
  }],
  ["poll", "Enquete", { type: "unsupported", unsupported: "poll_creation" }],
];

// acts are things that a guest does besides writing.
const acts = [
  ["phone", "Ligar", "call", { lastsMs: 5000 }],
  ["stop", "Parar ofertas", "marketing", { stopped: true }],
];

export function attachMenu(form, send, sendFile, act) {
  const menu = form.querySelector(".attach-menu");
  const button = form.querySelector(".attach");
  const file = form.querySelector(".file");
  const show = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button").focus();
  };
  const choose = (action) => () => { show(false); button.focus(); action(); };
  const entry = (icon, label, action) =>
    el("button", { type: "button", role: "menuitem", onclick: choose(action) }, svg(icons[icon]), label);

  menu.append(...samples.map(([icon, label, message]) => entry(icon, label, () => send({ ...message }))));
  menu.append(...acts.map(([icon, label, what, body]) => entry(icon, label, () => act(what, body))));
  menu.append(entry("clip", "Do aparelho", () => file.click()));
  button.addEventListener("click", () => show(menu.hidden));
  file.addEventListener("change", () => { if (file.files[0]) sendFile(file.files[0]); file.value = ""; });
  menu.addEventListener("keydown", (event) => moveFocus(event, menu, () => choose(() => {})()));
  form.addEventListener("focusout", (event) => {
    if (!menu.hidden && event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) show(false);
  });
}

function moveFocus(event, menu, close) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 2, ArrowUp: -2, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") close();
  else if (step) items[(at + step + items.length) % items.length].focus();
  else return;
  event.preventDefault();
}
