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
  audio: (m, actions) => [el("audio", {
    src: mediaAddress(m), controls: true, preload: "metadata", "aria-label": m.content?.voice ? "Mensagem de voz" : "Áudio",
    onplay: () => m.from === "hotel" && m.content?.voice && actions.play(m),
  })],
  sticker: (m) => [el("img", { class: "sticker", src: mediaAddress(m), alt: "Figurinha" })],
  document: (m) => [
    card("file", m.content?.filename || "Documento", "Documento", mediaAddress(m)),
    m.content?.caption && caption(m),
  ],
  location: (m) => [card("pin", m.content?.name || "Localização", m.content?.address || `${m.content?.latitude}, ${m.content?.longitude}`)],
  contacts: (m) => (m.content || []).map((c) =>
    card("person", c.name?.formatted_name || "Contato", (c.phones || []).map((p) => p.phone).join(", "))),
  interactive: (m) => interactive(m),
  template: (m) => [header(m), el("div", { class: "body" }, rich(m.text || "")), ...templateCards(m)],
  button: (m) => [el("div", { class: "body" }, m.text)],
  unsupported: () => odd("Mensagem de um tipo que o hotel não recebe"),
  order: (m) => [card("cart", "Pedido", [m.content?.text, ...(m.content?.product_items || []).map((p) => `${p.quantity} × ${p.product_retailer_id}`)].filter(Boolean).join(" · "))],
};

// templateCards shows how many cards a template's carousel has; their texts are the template's own.
function templateCards(m) {
  const cards = (m.content?.components || []).find((c) => c.type?.toLowerCase() === "carousel")?.cards;
  return cards ? [card("file", `${cards.length} cartões`)] : [];
}

// header is the file at the top of an interactive message or a template.
function header(m) {
  const address = mediaAddress(m);
  if (!address) return undefined;
  const parts = m.content?.components || [];
  const kind = m.content?.header?.type || parts.find((c) => c.type?.toLowerCase() === "header")?.parameters?.[0]?.type;
  if (kind === "document") return card("file", "Documento", undefined, address);
  if (kind === "video") return el("video", { src: address, controls: true, preload: "metadata", "aria-label": "Vídeo" });
  return el("img", { class: "media", src: address, alt: "" });
}

const replyNames = { nfm_reply: "Formulário enviado", call_permission_reply: "Resposta ao pedido de ligação" };

function interactive(m) {
  const c = m.content || {};
  if (m.from === "guest") return [el("div", { class: "body" }, m.text || replyNames[c.type] || "Resposta")];
  const title = c.header?.type === "text" ? el("div", { class: "head" }, c.header.text) : header(m);
  return [
    title, m.text && el("div", { class: "body" }, rich(m.text)), ...extras(c), c.footer && el("div", { class: "foot" }, c.footer.text),
  ];
}

// extras are what an interactive message shows between its text and its buttons.
function extras(c) {
  const a = c.action || {}, p = a.parameters || {};
  switch (c.type) {
    case "carousel": return [carousel(a.cards || [])];
    case "product": return [card("cart", "Produto", a.product_retailer_id)];
    case "product_list": return (a.sections || []).map((s) => card("cart", s.title || "Produtos", (s.product_items || []).map((i) => i.product_retailer_id).join(", ")));
    case "catalog_message": return [card("cart", "Catálogo", p.thumbnail_product_retailer_id)];
    case "order_details": return [card("cart", "Pagamento " + p.reference_id, money(p.total_amount, p.currency))];
    case "order_status": return [card("cart", "Pedido " + p.reference_id, p.order?.status)];
    case "voice_call": return [card("voice", p.display_text || "Ligar", "Chamada de voz")];
    case "address_message": return [card("pin", "Endereço", "O hotel pede o endereço")];
  }
  return [];
}

const money = (amount, currency) =>
  amount && new Intl.NumberFormat("pt-BR", { style: "currency", currency: currency || "BRL" }).format(amount.value / (amount.offset || 100));

function carousel(cards) {
  return el("div", { class: "carousel", role: "group", "aria-label": `${cards.length} cartões`, tabindex: "0" }, ...cards.map((one) => {
    const file = one.header?.image || {}, p = one.action?.parameters;
    const media = mediaAddress({ mediaId: file.id, mediaUrl: file.link });
    return el("div", { class: "slide" }, media && el("img", { class: "media", src: media, alt: "" }),
      el("div", { class: "body" }, one.body?.text || one.action?.product_retailer_id || ""),
      p && el("a", { href: safeLink(p.url), target: "_blank", rel: "noreferrer noopener" }, "↗ " + p.display_text));
  }));
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
    el("button", { type: "button", "aria-label": "Reagir", title: "Reagir", onclick: toggle }, "☺"),
    m.from === "guest" && m.type === "text" && el("button", { type: "button", "aria-label": "Editar", title: "Editar", onclick: () => actions.edit(m) }, "✎"),
    m.from === "guest" && el("button", { type: "button", "aria-label": "Apagar", title: "Apagar para todos", onclick: () => actions.revoke(m) }, "×"));
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
    sticker: "Figurinha", location: "Localização", contacts: "Contato", unsupported: "Mensagem não suportada", order: "Pedido",
  };
  if (m.revoked) return "Mensagem apagada";
  const name = names[m.type];
  return name ? (m.text && m.type !== "contacts" ? `${name}: ${m.text}` : name) : m.text || "Mensagem";
}

export function bubble(m, { first, quoted, hotel, actions }) {
  const mine = m.from === "guest";
  const reactions = [m.guestReaction, m.hotelReaction].filter(Boolean);
  const buttons = m.revoked ? [] : choices(m, actions);
  return el("div", {
    class: ["bubble", mine && "mine", first && "first", reactions.length > 0 && "reacted"].filter(Boolean).join(" "),
    "data-id": m.id,
  },
  quoted && el("button", { type: "button", class: "quoted", onclick: () => actions.show(quoted.id) },
    el("b", {}, quoted.from === "guest" ? "Você" : hotel), el("span", {}, readable(quoted))),
  ...(m.revoked ? odd("Mensagem apagada") : (contents[m.type] || (() => odd("Mensagem do tipo " + m.type)))(m, actions)),
  el("div", { class: "meta" }, m.edited && el("span", {}, "editada"), m.echo && el("span", {}, "do celular do hotel"), el("time", { datetime: m.at }, clock(new Date(m.at))), ticks(m)),
  buttons.length > 0 && el("div", { class: "choices" }, ...buttons),
  reactions.length > 0 && el("span", { class: "reactions", "aria-label": "Reações: " + reactions.join(" ") }, reactions.join("")),
  tools(m, actions));
}
