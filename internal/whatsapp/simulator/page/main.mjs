// The page: hotels, guests, and the phones that are open. Which ones are open stands in the address, so that a link or
// a reload brings them back: #hotel=401…&phones=5511987654321,5521998877665
import * as api from "./api.mjs";
import { readable } from "./bubble.mjs";
import { clock, dayName, el, hue, initials, prettyPhone } from "./dom.mjs";
import { Phone } from "./phone.mjs";

const byId = (id) => document.getElementById(id);
const key = (account, phone) => account + "/" + phone;

let hotels = [];
let hotel;
const guests = new Map(); // View by account/phone
const phones = new Map(); // Phone by account/phone, in order of opening

async function start() {
  hotels = await api.accounts();
  const wanted = new URLSearchParams(location.hash.slice(1));
  hotel = hotels.find((h) => h.phoneNumberId === wanted.get("hotel")) || hotels[0];
  byId("connection").hidden = true;
  byId("hotel").replaceChildren(...hotels.map((h) =>
    el("option", { value: h.phoneNumberId, selected: h === hotel, title: prettyPhone(h.displayNumber) }, h.name)));
  if (!hotel) {
    byId("hotel").append(el("option", {}, "nenhum hotel"));
    setTimeout(tryStart, 1000); // they may be on their way: the product starts after the simulator
    return;
  }
  const wantedPhones = (wanted.get("phones") || "").split(",").filter(Boolean);
  byId("beside").checked = wantedPhones.length > 1;
  for (const phone of wantedPhones) open(phone, true);
  api.watch(changed, connected);
}

// connected starts afresh: the simulator may be a new one that knows nothing of the old guests.
function connected(ok) {
  byId("connection").hidden = ok;
  if (!ok) return;
  guests.clear();
  for (const p of phones.values()) p.refresh();
  drawGuests();
}

function changed(views) {
  for (const view of views) {
    guests.set(key(view.accountId, view.phone), view);
    phones.get(key(view.accountId, view.phone))?.refresh();
  }
  drawGuests();
}

function drawGuests() {
  const list = [...guests.values()].filter((g) => g.accountId === hotel.phoneNumberId).sort((a, b) => b.rev - a.rev);
  const focused = document.activeElement?.dataset?.phone;
  byId("guests").replaceChildren(...list.map(guestRow));
  if (list.length === 0) byId("guests").append(el("li", { class: "nobody" }, "Ainda não há hóspedes. Crie o primeiro."));
  if (focused) byId("guests").querySelector(`[data-phone="${focused}"]`)?.focus();
}

function guestRow(g) {
  const name = g.settings.name || prettyPhone(g.phone);
  const avatar = el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  avatar.style.setProperty("--hue", hue(g.phone));
  const at = g.last && new Date(g.last.at);
  return el("li", {}, el("button", {
    type: "button", "data-phone": g.phone, "aria-pressed": String(phones.has(key(g.accountId, g.phone))),
    onclick: (event) => open(g.phone, byId("beside").checked || event.ctrlKey || event.metaKey),
  },
  avatar, el("span", { class: "name" }, name),
  el("span", { class: "when" }, at ? (dayName(at) === "Hoje" ? clock(at) : dayName(at)) : ""),
  el("span", { class: "last" }, g.last ? (g.last.from === "guest" ? "Você: " : "") + readable(g.last) : "sem mensagens"),
  g.unread > 0 ? el("span", { class: "unread", "aria-label": `${g.unread} não lidas` }, String(g.unread)) : el("span")));
}

// open shows a guest's phone; beside keeps the ones that are open.
function open(phone, beside) {
  if (!beside) for (const [k, p] of phones) { p.close(); phones.delete(k); }
  const id = key(hotel.phoneNumberId, phone);
  let p = phones.get(id);
  if (!p) {
    p = new Phone({ account: hotel.phoneNumberId, phone }, hotel, () => closePhone(id));
    phones.set(id, p);
    byId("phones").append(p.node);
  }
  settle();
  p.refresh();
  if (!matchMedia("(hover: none)").matches) p.input.focus();
}

function closePhone(id) {
  phones.get(id)?.close();
  phones.delete(id);
  settle();
}

function settle() {
  byId("empty").hidden = phones.size > 0;
  document.body.classList.toggle("chatting", phones.size > 0);
  const open = [...phones.values()].map((p) => p.guest.phone).join(",");
  history.replaceState(null, "", `#hotel=${hotel.phoneNumberId}&phones=${open}`);
  drawGuests();
}

function chooseHotel(id) {
  hotel = hotels.find((h) => h.phoneNumberId === id);
  for (const k of [...phones.keys()]) closePhone(k);
  settle();
}

async function addGuest(event) {
  event.preventDefault();
  const form = event.target;
  byId("guest-error").textContent = "";
  try {
    const view = await api.createGuest(hotel?.phoneNumberId, form.phone.value, form.name.value.trim());
    guests.set(key(view.accountId, view.phone), view);
    byId("guest-dialog").close();
    form.reset();
    open(view.phone, byId("beside").checked);
  } catch (error) {
    byId("guest-error").textContent = error.message;
  }
}

byId("hotel").addEventListener("change", (event) => chooseHotel(event.target.value));
byId("guest-form").addEventListener("submit", addGuest);
for (const id of ["add-guest", "add-guest-empty"]) byId(id).addEventListener("click", () => byId("guest-dialog").showModal());
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
document.addEventListener("visibilitychange", () => { for (const p of phones.values()) p.read(); });

function tryStart() {
  start().catch((error) => {
    byId("connection").textContent = error.message;
    byId("connection").hidden = false;
    setTimeout(tryStart, 1000);
  });
}

tryStart();
