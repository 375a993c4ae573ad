// Package socketio is a Socket.IO server: protocol 5, the one that
// socket.io-client 3 and 4 speak, over the Engine.IO transports of the
// engineio package.
//
// Here: packets, sockets and their handlers, acknowledgements, rooms and
// broadcasts, fan-out over several instances through a Broker, connection
// state recovery. Not here: what an event means, who may join which room, how
// a token is checked; the package knows nothing of its users and is told by
// Options.
//
// Facts of the protocol are from the Socket.IO protocol text, revision 5, and
// its test suite as published in November 2026. Recovery is a feature of the
// reference server beside the protocol: the CONNECT packet carries a "pid",
// every event carries an offset as an extra last argument, and a client that
// comes back shows both.
//
// Start in server.go (what a program calls), then namespace.go (who gets what,
// under one lock) and conn.go (what a client sends).
package socketio
