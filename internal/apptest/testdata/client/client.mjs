// A screen of a hotel: the official client, steered from outside.
//
//   node client.mjs <url> websocket|polling|upgrade
//
// Commands come as JSON lines on standard input: {"do":"connect","auth":{…}},
// {"do":"emit","event":…,"data":…}, {"do":"disconnect"}. Everything that is heard goes
// to standard output, one JSON line each: {"event":…,"data":…}. The client's own
// events have a leading dot: .connect, .upgrade, .disconnect, .connect_error. The
// process ends with its input.

import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, mode] = process.argv.slice(2);
const transports = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] }[mode];
let socket;

function print(event, data = null) {
  process.stdout.write(`${JSON.stringify({ event, data })}\n`);
}

function listen() {
  socket.onAny((event, data) => print(event, data));
  // The upgrade may be done before the server has let us in.
  socket.io.on("open", () => {
    socket.io.engine.once("upgrade", (transport) => print(".upgrade", { transport: transport.name }));
  });
  socket.on("connect", () => {
    print(".connect", { id: socket.id, transport: socket.io.engine.transport.name, recovered: socket.recovered });
  });
  socket.on("disconnect", (reason) => print(".disconnect", { reason }));
  socket.on("connect_error", (error) => print(".connect_error", { message: error.message, data: error.data }));
}

const commands = {
  connect({ auth }) {
    socket = io(url, { transports, auth, reconnectionDelay: 50, reconnectionDelayMax: 200 });
    listen();
  },
  emit({ event, data }) {
    socket.emit(event, data);
  },
  disconnect() {
    socket.disconnect();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  commands[command.do](command);
}
socket?.disconnect();
process.exit(0);
