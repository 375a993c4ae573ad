package socketio

import "slices"

// Broadcast addresses sockets of a namespace, on all instances, or, begun with
// Here, on this one. It is a value: every method that narrows or widens it
// returns a new one.
type Broadcast struct {
	ns   *Namespace
	to   audience
	here bool
}

// Here is a namespace as far as its sockets are connected to this instance.
type Here struct{ ns *Namespace }

// Here limits broadcasts to this instance: for those whose caller reaches the
// other instances by himself.
func (ns *Namespace) Here() Here { return Here{ns} }

// To is Namespace.To on this instance.
func (h Here) To(rooms ...string) Broadcast { return h.only(h.ns.To(rooms...)) }

// In is To.
func (h Here) In(rooms ...string) Broadcast { return h.To(rooms...) }

// Everyone is Namespace.Everyone on this instance.
func (h Here) Everyone() Broadcast { return h.only(h.ns.Everyone()) }

// Audible is Namespace.Audible.
func (h Here) Audible(room string) bool { return h.ns.Audible(room) }

func (h Here) only(b Broadcast) Broadcast {
	b.here = true
	return b
}

// To addresses the union of rooms; the id of a socket is a room of its own.
// Every socket is meant once, however many of the rooms it is in. Without any
// room it addresses nobody: an empty list must not become everybody.
func (ns *Namespace) To(rooms ...string) Broadcast {
	return Broadcast{ns: ns, to: audience{rooms: slices.Clone(rooms)}}
}

// In is To.
func (ns *Namespace) In(rooms ...string) Broadcast { return ns.To(rooms...) }

// Everyone addresses all sockets of the namespace.
func (ns *Namespace) Everyone() Broadcast {
	return Broadcast{ns: ns, to: audience{everyone: true}}
}

// To adds rooms.
func (b Broadcast) To(rooms ...string) Broadcast {
	b.to.rooms = slices.Concat(b.to.rooms, rooms)
	return b
}

// Except leaves out sockets, by their ids or by rooms they are in.
func (b Broadcast) Except(names ...string) Broadcast {
	b.to.except = slices.Concat(b.to.except, names)
	return b
}

// Emit sends an event. It does not wait for clients or for other instances.
// The only errors are those of encoding args, and ErrReservedEvent.
func (b Broadcast) Emit(event string, args ...any) error {
	array, attachments, err := encodeEvent(event, args)
	if err != nil {
		return err
	}
	b.ns.emit(b.to, array, attachments)
	b.publish(envelope{Kind: kindEmit, Array: array, Attachments: attachments})
	return nil
}

// Disconnect takes the sockets out of the namespace and closes their
// connections. Their OnDisconnect gets reason, or ReasonServerDisconnect for "".
func (b Broadcast) Disconnect(reason string) {
	if reason == "" {
		reason = ReasonServerDisconnect
	}
	b.ns.disconnect(b.to, reason)
	b.publish(envelope{Kind: kindDisconnect, Reason: reason})
}

// SocketsJoin adds the sockets to rooms.
func (b Broadcast) SocketsJoin(rooms ...string) {
	b.ns.moveSockets(b.to, rooms, nil)
	b.publish(envelope{Kind: kindMove, Join: rooms})
}

// SocketsLeave removes the sockets from rooms.
func (b Broadcast) SocketsLeave(rooms ...string) {
	b.ns.moveSockets(b.to, nil, rooms)
	b.publish(envelope{Kind: kindMove, Leave: rooms})
}

// Local returns the sockets that are connected to this instance.
func (b Broadcast) Local() []*Socket { return b.ns.local(b.to) }

func (b Broadcast) publish(e envelope) {
	if link := b.ns.server.link; link != nil && !b.here {
		e.Namespace, e.Everyone, e.Rooms, e.Except = b.ns.name, b.to.everyone, b.to.rooms, b.to.except
		link.publish(e)
	}
}

func (ns *Namespace) local(to audience) []*Socket {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	var sockets []*Socket
	ns.each(to, func(s *Socket) { sockets = append(sockets, s) })
	return sockets
}

func (ns *Namespace) disconnect(to audience, reason string) {
	for _, s := range ns.local(to) {
		s.disconnect(reason, true)
	}
}

func (ns *Namespace) moveSockets(to audience, join, leave []string) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	// Collected first: moving changes the rooms that are being walked.
	var sockets []*Socket
	ns.each(to, func(s *Socket) { sockets = append(sockets, s) })
	for _, s := range sockets {
		s.join(join)
		s.part(leave)
	}
}

// Audible reports whether an event to the room could be heard on this instance, now
// or by a client that may still come back to recover what it missed. Whoever makes
// costly events asks first. It says nothing about other instances.
func (ns *Namespace) Audible(room string) bool {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return len(ns.rooms[room]) > 0 || ns.recovery != nil && len(ns.recovery.lost) > 0
}
