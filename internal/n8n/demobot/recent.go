package demobot

import "container/list"

// recent is a map with room for the most recently used entries only. It is not safe for concurrent use.
type recent[K comparable, V any] struct {
	room    int
	order   *list.List // of entry, the longest unused in front
	entries map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](room int) *recent[K, V] {
	return &recent[K, V]{room: room, order: list.New(), entries: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(key K) (V, bool) {
	e, ok := r.entries[key]
	if !ok {
		var none V
		return none, false
	}
	r.order.MoveToBack(e)
	return valueOf[K, V](e).value, true
}

func (r *recent[K, V]) put(key K, value V) {
	r.drop(key)
	r.entries[key] = r.order.PushBack(entry[K, V]{key, value})
	if len(r.entries) > r.room {
		r.drop(valueOf[K, V](r.order.Front()).key)
	}
}

func (r *recent[K, V]) drop(key K) {
	if e, ok := r.entries[key]; ok {
		r.order.Remove(e)
		delete(r.entries, key)
	}
}

func valueOf[K comparable, V any](e *list.Element) entry[K, V] {
	v, _ := e.Value.(entry[K, V]) // nothing else is ever put in
	return v
}
