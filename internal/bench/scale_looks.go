package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// look is one thing that people look at.
type look struct {
	name   string
	role   string // of who looks; empty: an administrator
	target float64
	path   func(r *rand.Rand, v *visitor) string
}

// visitor is somebody who is logged in, with what there is to look at.
type visitor struct {
	slug, role, token, unit string
	hotel                   *sample
}

// sample is a handful of everything of one hotel.
type sample struct {
	units         []string
	conversations []string // ids, of any age
	old           []string // ids of the oldest
	contacts      []string
	names         []string
	phones        []string
	codes         []string // that guests wrote
	users         []string
	tags          []string
}

const (
	listTarget   = 50.0 // ms, p95
	reportTarget = 500.0
)

func fixed(path string) func(*rand.Rand, *visitor) string {
	return func(*rand.Rand, *visitor) string { return path }
}

func pick(r *rand.Rand, all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return all[r.IntN(len(all))]
}

func with(format string, choose func(v *visitor) []string) func(*rand.Rand, *visitor) string {
	return func(r *rand.Rand, v *visitor) string {
		return fmt.Sprintf(format, url.QueryEscape(pick(r, choose(v))))
	}
}

// looks is everything that is measured, in the order of the table.
func looks() []look {
	var all []look
	add := func(target float64, role, name string, path func(*rand.Rand, *visitor) string) {
		all = append(all, look{name, role, target, path})
	}
	units := func(v *visitor) []string { return v.hotel.units }
	conversations := func(v *visitor) []string { return v.hotel.conversations }
	old := func(v *visitor) []string { return v.hotel.old }
	names := func(v *visitor) []string { return v.hotel.names }
	phones := func(v *visitor) []string { return v.hotel.phones }

	add(listTarget, "", "conversations, first page", fixed("/api/conversations"))
	add(listTarget, "", "conversations, 100 for the board", fixed("/api/conversations?limit=100"))
	add(listTarget, "HEAD", "conversations of a head of unit", fixed("/api/conversations"))
	add(listTarget, "ATTENDANT", "conversations of an attendant", fixed("/api/conversations"))
	add(listTarget, "ATTENDANT", "conversations of an attendant, in progress", fixed("/api/conversations?status=IN_PROGRESS"))
	add(listTarget, "SALES", "conversations of a seller", fixed("/api/conversations"))
	add(listTarget, "SALES", "opportunities, 50", fixed("/api/conversations?isOpportunity=true&limit=50"))
	add(listTarget, "", "conversations, open", fixed("/api/conversations?status=OPEN"))
	add(listTarget, "", "conversations, three states", fixed("/api/conversations?status=OPEN,IN_PROGRESS,WAITING"))
	add(listTarget, "", "conversations, closed", fixed("/api/conversations?status=CLOSED"))
	add(listTarget, "", "conversations of a unit", with("/api/conversations?hotelUnit=%s", units))
	add(listTarget, "", "conversations of a unit, waiting", with("/api/conversations?status=WAITING&hotelUnit=%s", units))
	add(listTarget, "", "conversations of a colleague", with("/api/conversations?assignedToId=%s", func(v *visitor) []string { return v.hotel.users }))
	add(listTarget, "", "conversations, urgent", fixed("/api/conversations?priority=URGENT"))
	add(listTarget, "", "conversations, unread", fixed("/api/conversations?unread=true"))
	add(listTarget, "", "conversations with a tag", with("/api/conversations?tagId=%s", func(v *visitor) []string { return v.hotel.tags }))
	add(listTarget, "", "conversations, page 500", fixed("/api/conversations?page=500"))
	add(listTarget, "ATTENDANT", "conversations of an attendant, page 100", fixed("/api/conversations?page=100"))
	add(listTarget, "", "conversations by a guest's name", with("/api/conversations?search=%s", names))
	add(listTarget, "", "conversations by a phone number", with("/api/conversations?search=%s", phones))
	add(listTarget, "ATTENDANT", "conversations by a name, attendant", with("/api/conversations?search=%s", names))
	add(listTarget, "", "conversation counts", fixed("/api/conversations/stats"))
	add(listTarget, "ATTENDANT", "conversation counts, attendant", fixed("/api/conversations/stats"))
	add(listTarget, "", "counts beside the lists", fixed("/api/conversations/counts"))

	add(listTarget, "", "one conversation", with("/api/conversations/%s", conversations))
	add(listTarget, "", "its messages", with("/api/conversations/%s/messages", conversations))
	add(listTarget, "", "messages of two years ago", with("/api/conversations/%s/messages?limit=100", old))

	add(listTarget, "", "message search, rare word", fixed("/api/messages/search?query=violoncelo"))
	add(listTarget, "", "message search, common word", fixed("/api/messages/search?query=reserva"))
	add(listTarget, "", "message search, accents left out", fixed("/api/messages/search?query=cafe+da+manha"))
	add(listTarget, "", "message search, two years ago", fixed("/api/messages/search?query=inauguracao"))
	add(listTarget, "", "message search, a code", with("/api/messages/search?query=%s", func(v *visitor) []string { return v.hotel.codes }))
	add(listTarget, "", "message search, no such word", fixed("/api/messages/search?query=xilofone"))
	add(listTarget, "ATTENDANT", "message search, attendant", fixed("/api/messages/search?query=piscina"))

	add(listTarget, "", "contacts, first page", fixed("/api/contacts"))
	add(listTarget, "", "contacts by name, page 200", fixed("/api/contacts?sortBy=name&sortOrder=asc&page=200"))
	add(listTarget, "", "contacts, search a name", with("/api/contacts?search=%s", names))
	add(listTarget, "", "contacts, search the beginning of a name", fixed("/api/contacts?search=conc"))
	add(listTarget, "", "contacts, search end of a number", func(r *rand.Rand, v *visitor) string {
		phone := pick(r, v.hotel.phones)
		return "/api/contacts?search=" + phone[max(0, len(phone)-5):]
	})
	add(listTarget, "", "contact counts", fixed("/api/contacts/stats"))
	add(listTarget, "", "one contact's conversations", with("/api/contacts/%s/conversations", func(v *visitor) []string { return v.hotel.contacts }))

	add(listTarget, "", "escalations", fixed("/api/escalations"))
	add(listTarget, "ATTENDANT", "escalations, pending, attendant", fixed("/api/escalations?status=PENDING"))
	add(listTarget, "", "escalation counts", fixed("/api/escalations/stats"))
	add(listTarget, "", "tags with counts", fixed("/api/tags"))
	add(listTarget, "", "users", fixed("/api/users"))
	add(listTarget, "", "audit log, first page", fixed("/api/audit-logs"))
	add(listTarget, "", "audit log, one action", fixed("/api/audit-logs?action=CLOSE_CONVERSATION"))
	add(listTarget, "", "audit log, one person", with("/api/audit-logs?userId=%s", func(v *visitor) []string { return v.hotel.users }))
	add(listTarget, "", "usage this month", fixed("/api/usage-tracking/current"))

	for _, kind := range []string{"overview", "attendants", "hourly", "outside-hours", "units", "timeline", "bot"} {
		for _, period := range []string{"30d", "1y"} {
			add(reportTarget, "", "report "+kind+", "+period, fixed("/api/reports/"+kind+"?period="+period))
		}
	}
	add(reportTarget, "HEAD", "report overview of a unit, 1y", fixed("/api/reports/overview?period=1y"))
	return all
}

// limitedTo keeps the looks whose names hold one of several words.
func limitedTo(all []look, words string) []look {
	if words == "" {
		return all
	}
	var out []look
	for _, l := range all {
		for _, word := range strings.Split(words, ",") {
			if strings.Contains(l.name, strings.TrimSpace(word)) {
				out = append(out, l)
				break
			}
		}
	}
	return out
}
