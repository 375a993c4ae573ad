package availability

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/sheet"
)

// headings say what the columns of a file are called: folded, without what is no letter.
var headings = map[string]string{
	"unidade": "unit", "hotel": "unit", "unit": "unit", "hotelunit": "unit",
	"quarto": "room", "acomodacao": "room", "categoria": "room", "room": "room", "name": "room",
	"de": "from", "inicio": "from", "primeiranoite": "from", "from": "from",
	"ate": "until", "fim": "until", "ultimanoite": "until", "until": "until",
	"diaria": "price", "preco": "price", "valor": "price", "tarifa": "price", "price": "price",
	"precocheio": "originalPrice", "diariacheia": "originalPrice", "originalprice": "originalPrice",
	"vagas": "vacancies", "disponiveis": "vacancies", "quantidade": "vacancies", "vacancies": "vacancies",
	"adultos": "maxAdults", "maxadultos": "maxAdults", "maxadults": "maxAdults",
	"criancas": "maxChildren", "maxcriancas": "maxChildren", "maxchildren": "maxChildren",
	"descricao": "description", "description": "description",
	"comodidades": "amenities", "amenities": "amenities",
	"imagem": "imageUrl", "foto": "imageUrl", "imageurl": "imageUrl",
}

var errSheet = fault.New(fault.Invalid, "tariffs_file_invalid",
	"This is no CSV file with the columns unidade, quarto, de, ate and diaria. Save the table as CSV (UTF-8) and send it again.")

// ReadSheet reads a table out of a CSV file. Cells that cannot be read are refused by their
// line, all at once.
func ReadSheet(data []byte) ([]stay.Tariff, error) {
	file, err := sheet.Read(data, stay.MaxTariffs+1)
	if errors.Is(err, sheet.ErrLong) {
		return nil, wrong("csv", "too_many", "A table has at most 2000 lines. Join seasons that cost the same.")
	}
	if err != nil {
		return nil, errSheet.Because(err)
	}
	columns, named := map[int]string{}, map[string]bool{}
	for i, heading := range file.Header {
		if field := headings[letters(heading)]; field != "" && !named[field] {
			columns[i], named[field] = field, true
		}
	}
	for _, needed := range []string{"unit", "room", "from", "until", "price"} {
		if !named[needed] {
			return nil, errSheet
		}
	}
	var tariffs []stay.Tariff
	var details []fault.Detail
	for _, row := range file.Rows {
		t, bad := lineOf(columns, row.Cells)
		for _, field := range bad {
			details = append(details, fault.Detail{
				Path: "csv", Code: "unreadable", Message: "Line " + strconv.Itoa(row.Line) + ": this cannot be read: " + field + ".",
			})
		}
		if len(details) >= maxWrong {
			break
		}
		tariffs = append(tariffs, t)
	}
	if len(details) > 0 {
		return nil, fault.ErrInvalid.With(details...)
	}
	return tariffs, nil
}

// lineOf reads a line, and names the fields that it cannot read.
func lineOf(columns map[int]string, cells []string) (stay.Tariff, []string) {
	t := stay.Tariff{Vacancies: 1}
	var bad []string
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" || columns[i] == "" {
			continue
		}
		if !fill(&t, columns[i], cell) {
			bad = append(bad, columns[i])
		}
	}
	return t, bad
}

func fill(t *stay.Tariff, field, cell string) (ok bool) {
	ok = true
	switch field {
	case "unit":
		t.Unit = cell
	case "room":
		t.Room = cell
	case "description":
		t.Description = cell
	case "imageUrl":
		t.ImageURL = cell
	case "amenities":
		for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == '|' || r == ';' || r == '/' }) {
			t.Amenities = append(t.Amenities, strings.TrimSpace(part))
		}
	case "from":
		t.From = stay.ParseDate(cell)
		ok = !t.From.IsZero()
	case "until":
		t.Until = stay.ParseDate(cell)
		ok = !t.Until.IsZero()
	case "price":
		t.Price, ok = stay.ParseCents(cell)
	case "originalPrice":
		t.Original, ok = stay.ParseCents(cell)
	default:
		ok = count(t, field, cell)
	}
	return ok
}

func count(t *stay.Tariff, field, cell string) bool {
	n, err := strconv.Atoi(cell)
	switch field {
	case "vacancies":
		t.Vacancies = n
	case "maxAdults":
		t.MaxAdults = &n
	case "maxChildren":
		t.MaxChildren = &n
	}
	return err == nil
}

// letters folds a heading.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(text))
}
