// One message as a bubble. A bubble is rebuilt whenever its message changes; it keeps no state.
import { clock, el, rich, svg } from "./dom.mjs";
import { icons } from "./icons.mjs";

const mediaAddress = (m) => (m.mediaId ? "/simulator/media/" + encodeURIComponent(m.mediaId) : safeLink(m.mediaUrl));
const safeLink = (url) => (/^https?:\/\//i.test(url || "") ? url : undefined);

const card = (icon, title, detail, href) =>
  el(href ? "a" : "div", { class: "card", href, target: href && "_blank", rel: href && "noreferrer noopener" },
    svg(icons[icon]), el("span", {}, title, detail && el("small", {}, detail)));

const caption = (m) => m.text && el("div", { class: "body" }, rich(m.text));
const odd = (text) => [el("div", { class: "odd" }, text)];

const contents = {
  text: (m) => [el("div", { class: "body" }, rich(m.text || ""))],
  image: (m) => [el("img", { class: "media", src: mediaAddress(m), alt: m.content?.caption || "Imagem" }), caption(m)],
  video: (m) => [el("video", { src: mediaAddress(m), controls: true, preload: "metadata", "aria-label": "Vídeo" }), caption(m)],
  audio: (m) => [el("audio", { src: mediaAddress(m), controls: true, preload: "metadata", "aria-label": m.content?.voice ? "Mensagem de voz" : "Áudio" })],
  sticker: (m) => [el("img", { class: "sticker", src: mediaAddress(m), alt: "Figurinha" })],
  document: (m) => [
    card("file", m.content?.filename || "Documento", "Documento", mediaAddress(m)),
    m.content?.caption && caption(m),
  ],
  location: (m) => [card("pin", m.content?.name || "Localização", m.content?.address || `${m.content?.latitude}, ${m.content?.longitude}`)],
  contacts: (m) => (m.content || []).map((c) =>
    card("person", c.name?.formatted_name || "Contato", (c.phones || []).map((p) => p.phone).join(", "))),
  interactive: (m) => interactive(m),
  template: (m) => [header(m), el("div", { class: "body" }, rich(m.text || ""))],
  button: (m) => [el("div", { class: "body" }, m.text)],
  unsupported: () => odd("Mensagem de um tipo que o hotel não recebe"),
};

function header(m) {
  const address = mediaAddress(m);
  return address && el("img", { class: "media", src: address, alt: "" });
}

function interactive(m) {
  const c = m.content || {};
  if (m.from === "guest") return [el("div", { class: "body" }, m.text)];
  const title = c.header?.type === "text" ? el("div", { class: "head" }, c.header.text) : header(m);
  return [title, el("div", { class: "body" }, rich(m.text || "")), c.footer && el("div", { class: "foot" }, c.footer.text)];
}

// choices are the buttons under a message; a list has one button that opens its rows.
function choices(m, actions) {
  const c = m.content || {};
  const kind = m.type === "interactive" && m.from === "hotel" ? c.type : "";
  if (kind === "list") {
    return [el("button", { type: "button", onclick: () => actions.openList(m) }, "☰ " + c.action.button)];
  }
  if (kind === "cta_url") {
    const p = c.action.parameters;
    return [el("a", { href: safeLink(p.url), target: "_blank", rel: "noreferrer noopener" }, "↗ " + p.display_text)];
  }
  if (kind === "location_request_message") {
    return [el("button", { type: "button", onclick: () => actions.sendLocation(m) }, "Enviar localização")];
  }
  return (m.choices || []).map((choice) =>
    el("button", { type: "button", class: m.chosen === choice.id && "chosen", onclick: () => actions.tap(m, choice) }, choice.title));
}

const single = "M6 13l4 4L19 8";
const double = "M1 13l4 4L14 8M10 16l1.5 1.500L21 8";
const tickForms = {
  queued: [single, "", "Enviada"],
  delivered: [double, "", "Entregue ao hotel"],
  read: [double, " read", "Lida pelo hotel"],
  dropped: ["M12 5v9M12 18v.5", " bad", "Não chegou ao hotel"],
};

function ticks(m) {
  if (m.from !== "guest") return undefined;
  const [path, extra, label] = tickForms[m.status] || tickForms.queued;
  const wrap = el("span", { role: "img", "aria-label": label, title: label }, svg(path, "ticks" + extra));
  return wrap;
}

const emojis = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

function tools(m, actions) {
  const box = el("div", { class: "tools" },
    el("button", { type: "button", "aria-label": "Responder", title: "Responder", onclick: () => actions.reply(m) }, "↩"),
    el("button", { type: "button", "aria-label": "Reagir", title: "Reagir", onclick: toggle }, "☺"));
  function toggle() {
    const open = box.querySelector(".emojis");
    box.classList.toggle("open", !open);
    if (open) return open.remove();
    box.append(el("div", { class: "emojis", role: "group", "aria-label": "Reações" }, ...emojis.map((e) =>
      el("button", {
        type: "button", "aria-label": "Reagir com " + e, "aria-pressed": String(m.guestReaction === e),
        onclick: () => actions.react(m, m.guestReaction === e ? "" : e),
      }, e))));
    keepInside(box.querySelector(".emojis"), box.closest(".chat"));
    box.querySelector(".emojis button").focus();
  }
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && box.classList.contains("open")) toggle(); });
  return box;
}

// keepInside moves an element sideways until its container shows all of it.
function keepInside(node, container) {
  const inner = node.getBoundingClientRect(), outer = container.getBoundingClientRect();
  const shift = Math.max(outer.left + 8 - inner.left, 0) + Math.min(outer.right - 16 - inner.right, 0);
  node.style.transform = `translateX(${shift}px)`;
}

// readable is one line for quotes and lists.
export function readable(m) {
  const names = {
    image: "Foto", video: "Vídeo", audio: m.content?.voice ? "Mensagem de voz" : "Áudio", document: "Documento",
    sticker: "Figurinha", location: "Localização", contacts: "Contato", unsupported: "Mensagem não suportada",
  };
  const name = names[m.type];
  return name ? (m.text && m.type !== "contacts" ? `${name}: ${m.text}` : name) : m.text || "Mensagem";
}

export function bubble(m, { first, quoted, hotel, actions }) {
  const mine = m.from === "guest";
  const reactions = [m.guestReaction, m.hotelReaction].filter(Boolean);
  const buttons = choices(m, actions);
  return el("div", {
    class: ["bubble", mine && "mine", first && "first", reactions.length > 0 && "reacted"].filter(Boolean).join(" "),
    "data-id": m.id,
  },
  quoted && el("button", { type: "button", class: "quoted", onclick: () => actions.show(quoted.id) },
    el("b", {}, quoted.from === "guest" ? "Você" : hotel), el("span", {}, readable(quoted))),
  ...(contents[m.type] || (() => odd("Mensagem do tipo " + m.type)))(m),
  el("div", { class: "meta" }, el("time", { datetime: m.at }, clock(new Date(m.at))), ticks(m)),
  buttons.length > 0 && el("div", { class: "choices" }, ...buttons),
  reactions.length > 0 && el("span", { class: "reactions", "aria-label": "Reações: " + reactions.join(" ") }, reactions.join("")),
  tools(m, actions));
}
