package content

import "encoding/json"

// TemplateButton fills one button of a template: exactly one of these.
type TemplateButton struct {
	Index     int              `json:"index"` // from 0, over all buttons of the template
	Payload   string           `json:"payload,omitempty"`
	URLSuffix string           `json:"urlSuffix,omitempty"` // what stands at the end of its address
	CopyCode  string           `json:"copyCode,omitempty"`
	Flow      *FlowButton      `json:"flow,omitempty"`
	Catalogue *CatalogueButton `json:"catalogue,omitempty"`
	Products  *ProductsButton  `json:"products,omitempty"`
}

// FlowButton opens a form.
type FlowButton struct {
	Token string          `json:"token,omitempty"` // comes back with the answers
	Data  json.RawMessage `json:"data,omitempty"`
}

// CatalogueButton opens the catalogue.
type CatalogueButton struct {
	Thumbnail string `json:"thumbnailProductId"` // without one there is nothing to fill in
}

// ProductsButton shows products of the catalogue.
type ProductsButton struct {
	Thumbnail string           `json:"thumbnailProductId"`
	Sections  []ProductSection `json:"sections"`
}

func (c *checker) templateButtons(path string, all []TemplateButton, most int) {
	c.size(path, len(all), 0, most)
	seen := map[int]bool{}
	for i, b := range all {
		if b.Index < 0 || b.Index >= maxTemplateButtons {
			c.add(at(path, i, "index"), "out_of_range", "A template's buttons are counted from 0 to %d.", maxTemplateButtons-1)
		}
		if seen[b.Index] {
			c.add(at(path, i, "index"), "repeated", "This button was filled in before.")
		}
		seen[b.Index] = true
		b.check(c, at(path, i, ""))
	}
}

func (b TemplateButton) check(c *checker, path string) {
	if !c.one(path, "payload, urlSuffix, copyCode, flow, catalogue and products", b.Payload != "", b.URLSuffix != "", b.CopyCode != "",
		b.Flow != nil, b.Catalogue != nil, b.Products != nil) {
		return
	}
	switch {
	case b.Payload != "":
		c.required(path+".payload", b.Payload, maxButtonID)
	case b.URLSuffix != "":
		c.filling(path+".urlSuffix", b.URLSuffix, maxURL)
	case b.CopyCode != "":
		c.filling(path+".copyCode", b.CopyCode, maxCopyCode)
	case b.Flow != nil:
		c.text(path+".flow.token", b.Flow.Token, maxToken)
		c.object(path+".flow.data", b.Flow.Data)
	case b.Catalogue != nil:
		c.required(path+".catalogue.thumbnailProductId", b.Catalogue.Thumbnail, maxIdentifier)
	default:
		c.required(path+".products.thumbnailProductId", b.Products.Thumbnail, maxIdentifier)
		c.products(path+".products.sections", b.Products.Sections)
	}
}
