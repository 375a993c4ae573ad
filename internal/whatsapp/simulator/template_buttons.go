package simulator

import "strings"

// longestButton is the label of any button (Meta's template components page).
const longestButton = 25

// checkButtonParts: at most most of them, quick replies together, few of the others.
func checkButtonParts(buttons []templateButton, most int) *graphError {
	if len(buttons) == 0 || len(buttons) > most {
		return badTemplate(subLength, "there may be 1 to %d buttons", most)
	}
	count, changes, lastQuick := map[string]int{}, 0, false
	for i, b := range buttons {
		kind := strings.ToUpper(b.Type)
		count[kind]++
		quick := kind == "QUICK_REPLY"
		if i > 0 && quick != lastQuick {
			changes++
		}
		lastQuick = quick
		if gerr := checkButtonPart(kind, b); gerr != nil {
			return gerr
		}
	}
	for kind, limit := range map[string]int{"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "OTP": 1, "FLOW": 1} {
		if count[kind] > limit {
			return badTemplate(subLength, "there may be %d buttons of type %s", limit, kind)
		}
	}
	if changes > 1 {
		return badTemplate(subBody, "quick replies and other buttons must not be mixed")
	}
	return nil
}

func checkButtonPart(kind string, b templateButton) *graphError {
	switch kind {
	case "COPY_CODE", "OTP":
		return nil // their labels are Meta's
	case "QUICK_REPLY", "FLOW", "CATALOG", "MPM", "SPM", "VOICE_CALL", "REQUEST_CONTACT_INFO":
	case "URL":
		holes := holesOf(b.URL)
		switch {
		case !isWebAddress(placeholder.ReplaceAllString(b.URL, "x")), units(b.URL) > 2000:
			return badTemplate(subLength, "an URL button needs an address of at most 2000 characters")
		case len(holes) > 1, len(holes) == 1 && !strings.HasSuffix(b.URL, "}}"):
			return badTemplate(subBody, "an URL may have one variable, at its end")
		case len(holes) == 1 && len(b.Example) == 0:
			return badTemplate(subBody, "an URL with a variable needs an example")
		}
	case "PHONE_NUMBER":
		if !isPhone(b.Phone) || units(b.Phone) > 20 {
			return badTemplate(subLength, "a phone button needs a number of at most 20 characters")
		}
	default:
		return badTemplate(subBody, "%q is not a button type", b.Type)
	}
	if b.Text == "" || units(b.Text) > longestButton {
		return badTemplate(subLength, "a button needs a label of at most %d characters", longestButton)
	}
	return nil
}

// checkCards: two to ten cards of the same make.
func checkCards(t Template, cards []cardJSON) *graphError {
	if len(cards) < 2 || len(cards) > 10 {
		return badTemplate(subLength, "a carousel has 2 to 10 cards")
	}
	first := makeOf(cards[0])
	for _, card := range cards {
		if makeOf(card) != first {
			return badTemplate(subBody, "all cards must have the same components")
		}
		for _, p := range card.Components {
			var gerr *graphError
			switch kind := strings.ToUpper(p.Type); kind {
			case "BODY":
				gerr = checkBodyPart(t, p, 160)
			case "BUTTONS":
				gerr = checkButtonParts(p.Buttons, 2)
			case "HEADER":
				gerr = checkHeaderPart(p)
			default:
				gerr = badTemplate(subBody, "a card has no %s", kind)
			}
			if gerr != nil {
				return gerr
			}
		}
	}
	return nil
}

// makeOf is what must be equal on all cards.
func makeOf(card cardJSON) string {
	var parts []string
	for _, p := range card.Components {
		parts = append(parts, p.Type+p.Format)
		for _, b := range p.Buttons {
			parts = append(parts, b.Type)
		}
	}
	return strings.ToUpper(strings.Join(parts, " "))
}
