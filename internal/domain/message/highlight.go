package message

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// Mark is a part of a text, counted as JavaScript counts: in UTF-16 units.
type Mark struct {
	Start  int `json:"start"`
	Length int `json:"length"`
}

// Highlighter shows why a search found a message.
type Highlighter struct{ beginnings []string }

// NewHighlighter marks words that begin with one of the stems that were searched, or with
// the last word that was typed, which may not be complete.
func NewHighlighter(stems []string, typed string) Highlighter {
	h := Highlighter{}
	for _, stem := range stems {
		h.beginnings = append(h.beginnings, foldWord(stem))
	}
	if words := wordsOf([]rune(typed)); len(words) > 0 {
		if last := words[len(words)-1].folded; len(last) > 2 {
			h.beginnings = append(h.beginnings, last)
		}
	}
	return h
}

const (
	snippetLength = 160 // characters
	snippetBefore = 40  // of them before the first word found
)

// Show returns the part of a text around the first word found, and where the words found
// are in it. What is left out is shown by an ellipsis.
func (h Highlighter) Show(text string) (snippet string, marks []Mark) {
	runes := []rune(text)
	words := wordsOf(runes)
	from, to := h.around(words, len(runes))
	var b strings.Builder
	if from > 0 {
		b.WriteRune('…')
	}
	length := units(b.String())
	marks = []Mark{}
	at := from
	for _, w := range words {
		if w.from < from || w.to > to || !h.finds(w.folded) {
			continue
		}
		length += units(string(runes[at:w.from]))
		size := units(string(runes[w.from:w.to]))
		marks = append(marks, Mark{length, size})
		length, at = length+size, w.to
	}
	b.WriteString(string(runes[from:to]))
	if to < len(runes) {
		b.WriteRune('…')
	}
	return b.String(), marks
}

// around is the part of a text that is shown.
func (h Highlighter) around(words []word, length int) (from, to int) {
	for _, w := range words {
		if h.finds(w.folded) {
			if w.to > snippetLength {
				from = w.from - snippetBefore
			}
			break
		}
	}
	from = max(0, min(from, length-snippetLength))
	for _, w := range words { // not in the middle of a word, unless it is endless
		if w.from < from && from < w.to && w.to-from < snippetBefore {
			from = w.to
		}
	}
	return from, min(length, from+snippetLength)
}

func (h Highlighter) finds(word string) bool {
	for _, b := range h.beginnings {
		if strings.HasPrefix(word, b) {
			return true
		}
	}
	return false
}

// word is a run of letters and digits in a text.
type word struct {
	from, to int // in characters
	folded   string
}

func wordsOf(text []rune) []word {
	var words []word
	for i := 0; i < len(text); {
		if !isOfWord(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isOfWord(text[i]) {
			i++
		}
		words = append(words, word{from, i, foldWord(string(text[from:i]))})
	}
	return words
}

func isOfWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// foldWord takes accents and case away, as the search does.
func foldWord(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

func units(text string) int { return len(utf16.Encode([]rune(text))) }
