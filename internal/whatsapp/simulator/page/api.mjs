// Calls to the simulator's control API. Every function rejects with an Error whose message may be shown.

async function call(method, path, body, headers) {
  let response;
  try {
    response = await fetch("/simulator/" + path, { method, body, headers });
  } catch {
    throw new Error("O simulador não responde.");
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(data.error || `Erro ${response.status}`);
  return data;
}

const post = (path, data) =>
  call("POST", path, data && JSON.stringify(data), { "Content-Type": "application/json" });

const guestPath = (guest, rest) =>
  `guests/${encodeURIComponent(guest.phone)}/${rest}?account=${encodeURIComponent(guest.account)}`;

export const accounts = () => call("GET", "accounts");
export const createGuest = (account, phone, name) => post("guests", { account, phone, name });
export const send = (guest, message) => post(guestPath(guest, "messages"), message);
export const tap = (guest, messageId, choice) => post(guestPath(guest, "taps"), { messageId, choice });
// act does what a guest does besides writing: edit, revoke, play, call, marketing, number, flow.
export const act = (guest, what, data) => post(guestPath(guest, what), data);
export const markRead = (guest) => post(guestPath(guest, "read"));
export const transcript = (guest, after) => call("GET", guestPath(guest, "transcript") + `&after=${after}`);

// upload stores a file of the guest's device and returns its id.
export function upload(account, file) {
  const path = `accounts/${encodeURIComponent(account)}/media?filename=${encodeURIComponent(file.name)}`;
  return call("POST", path, file, { "Content-Type": file.type || "application/octet-stream" });
}

// watch calls changed with the guests that changed, and connected with whether the simulator answers. The browser
// reconnects by itself; the first event after that lists everybody again. A page that nobody looks at lets go of its
// connection: a browser has six for all its tabs, and the seventh tab would wait for ever.
export function watch(changed, connected) {
  let source;
  const follow = () => {
    source?.close();
    if (document.visibilityState === "hidden") return;
    source = new EventSource("/simulator/stream");
    source.onopen = () => connected(true);
    source.onerror = () => connected(false);
    source.onmessage = (event) => changed(JSON.parse(event.data));
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
