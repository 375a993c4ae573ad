package content

import "github.com/botreserva/botreserva/internal/domain/message"

// Product shows one product of a catalogue.
type Product struct {
	Body      string `json:"body,omitempty"`
	Footer    string `json:"footer,omitempty"`
	Catalogue string `json:"catalogueId"`
	Product   string `json:"productId"` // the retailer's own id
}

// Kind implements Content.
func (Product) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (p Product) Shown() string {
	if p.Body == "" {
		return "[Produto]"
	}
	return p.Body
}

func (Product) name() string { return "product" }

func (p Product) check(c *checker) {
	c.text("body", p.Body, maxBody)
	c.text("footer", p.Footer, maxFooter)
	c.required("catalogueId", p.Catalogue, maxIdentifier)
	c.required("productId", p.Product, maxIdentifier)
}

// ProductList shows up to thirty products of a catalogue.
type ProductList struct {
	Header    string           `json:"header"`
	Body      string           `json:"body"`
	Footer    string           `json:"footer,omitempty"`
	Catalogue string           `json:"catalogueId"`
	Sections  []ProductSection `json:"sections"`
}

// ProductSection groups products. It needs a title when there is another.
type ProductSection struct {
	Title    string   `json:"title,omitempty"`
	Products []string `json:"products"` // the retailer's own ids
}

// Kind implements Content.
func (ProductList) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (p ProductList) Shown() string { return p.Body }

func (ProductList) name() string { return "productList" }

func (p ProductList) check(c *checker) {
	c.required("header", p.Header, maxHeader)
	c.required("body", p.Body, maxBody)
	c.text("footer", p.Footer, maxFooter)
	c.required("catalogueId", p.Catalogue, maxIdentifier)
	c.products("sections", p.Sections)
}

func (c *checker) products(path string, sections []ProductSection) {
	c.size(path, len(sections), 1, maxSections)
	n := 0
	for i, section := range sections {
		c.sectionTitle(at(path, i, "title"), section.Title, len(sections))
		c.size(at(path, i, "products"), len(section.Products), 1, maxProducts)
		n += len(section.Products)
		for j, product := range section.Products {
			c.required(at(at(path, i, "products"), j, ""), product, maxIdentifier)
		}
	}
	if n > maxProducts && len(sections) > 1 {
		c.size(path, n, 1, maxProducts)
	}
}

// Catalogue is a text with a button that opens the hotel's catalogue.
type Catalogue struct {
	Body      string `json:"body"`
	Footer    string `json:"footer,omitempty"`
	Thumbnail string `json:"thumbnailProductId,omitempty"` // whose picture is shown; the first when empty
}

// Kind implements Content.
func (Catalogue) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (k Catalogue) Shown() string { return k.Body }

func (Catalogue) name() string { return "catalogue" }

func (k Catalogue) check(c *checker) {
	c.required("body", k.Body, maxBody)
	c.text("footer", k.Footer, maxFooter)
	c.text("thumbnailProductId", k.Thumbnail, maxIdentifier)
}

// ProductCarousel shows products of one catalogue side by side.
type ProductCarousel struct {
	Body      string   `json:"body"`
	Catalogue string   `json:"catalogueId"`
	Products  []string `json:"products"` // the retailer's own ids
}

// Kind implements Content.
func (ProductCarousel) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (p ProductCarousel) Shown() string { return p.Body }

func (ProductCarousel) name() string { return "productCarousel" }

func (p ProductCarousel) check(c *checker) {
	c.required("body", p.Body, maxBody)
	c.required("catalogueId", p.Catalogue, maxIdentifier)
	c.size("products", len(p.Products), minCards, maxCards)
	for i, product := range p.Products {
		c.required(at("products", i, ""), product, maxIdentifier)
	}
}
