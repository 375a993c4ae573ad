package demobot

// accept puts a delivery at the end of its guest's lane and reports false when there is no room. A repeat is accepted
// and forgotten. Looking and putting are one step, so that two posts of one delivery cannot both be new.
func (b *Bot) accept(d delivery) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := d.slug + "/" + d.id // ids of two hotels have nothing to do with each other
	if _, repeated := b.seen.get(id); repeated {
		return true
	}
	lane, running := b.lanes[d.guest()]
	if b.closed || len(lane) >= b.opts.Bounds.PerGuest || b.waiting >= b.opts.Bounds.Waiting {
		return false
	}
	b.seen.put(id, struct{}{})
	b.lanes[d.guest()] = append(lane, d)
	b.waiting++
	if !running {
		b.work.Go(func() { b.run(d.guest()) })
	}
	return true
}

// run works on one guest's messages in order and ends when none is left.
func (b *Bot) run(guest string) {
	for {
		d, ok := b.next(guest)
		if !ok {
			return
		}
		b.turn(b.ctx, d)
	}
}

// next takes the first message of the lane; the lane ends with its last message, or with the bot.
func (b *Bot) next(guest string) (delivery, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	lane := b.lanes[guest]
	if len(lane) == 0 || b.closed {
		b.waiting -= len(lane)
		delete(b.lanes, guest)
		return delivery{}, false
	}
	b.lanes[guest] = lane[1:]
	b.waiting--
	return lane[0], true
}
