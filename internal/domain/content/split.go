package content

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxBubbles is how many messages a split text has at most.
const MaxBubbles = 5

var (
	blankLines = regexp.MustCompile(`\n[\t ]*(?:\n[\t ]*)+`)
	listLine   = regexp.MustCompile(`^\s*(?:[-*•–·▪✅☑✔👉🔹🔸]|\d{1,2}\s?[.)\-–]|[a-zA-Z]\)|[0-9]\x{FE0F}?\x{20E3})`)
)

// Split makes of a text the messages that somebody would write: one for each paragraph, at most
// MaxBubbles. Nothing within a paragraph is parted, so links stay whole; the lines of a list stay
// together, and with the line that announces them.
func Split(text string) []string {
	var bubbles []string
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, paragraph := range blankLines.Split(text, -1) {
		if paragraph = strings.Trim(paragraph, "\n\t "); paragraph == "" {
			continue
		}
		if last := len(bubbles) - 1; last >= 0 && continues(bubbles[last], paragraph) {
			bubbles[last] += "\n\n" + paragraph
			continue
		}
		bubbles = append(bubbles, paragraph)
	}
	for len(bubbles) > MaxBubbles {
		bubbles = joinShortest(bubbles)
	}
	return bubbles
}

// continues reports whether a paragraph is a part of the list that the one before announces or
// is in.
func continues(before, paragraph string) bool {
	if !listLine.MatchString(paragraph) {
		return false
	}
	lines := strings.Split(before, "\n")
	return strings.HasSuffix(before, ":") || listLine.MatchString(lines[len(lines)-1])
}

// joinShortest puts the two neighbours together that are the shortest with each other.
func joinShortest(bubbles []string) []string {
	at := 0
	for i := range bubbles[:len(bubbles)-1] {
		if len(bubbles[i])+len(bubbles[i+1]) < len(bubbles[at])+len(bubbles[at+1]) {
			at = i
		}
	}
	joined := append([]string{}, bubbles[:at]...)
	return append(append(joined, bubbles[at]+"\n\n"+bubbles[at+1]), bubbles[at+2:]...)
}

// TypingTime is how long somebody takes to write a text, as guests expect it of a desk.
func TypingTime(text string) time.Duration {
	return min(max(time.Duration(utf8.RuneCountInString(text))*40*time.Millisecond, time.Second), 6*time.Second)
}
