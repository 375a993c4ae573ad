package simulator

import (
	"regexp"
	"strconv"
)

// birthday is YYYY-MM-DD (Meta's contacts page).
var birthday = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

func checkContacts(c *checker, _ *account, req *sendRequest) {
	for i, raw := range c.list("contacts", req.content, 1, 257) {
		path := "contacts[" + strconv.Itoa(i) + "]"
		o := c.object(path, raw)
		c.only(path, o, "name", "phones", "emails", "urls", "addresses", "org", "birthday")
		name := c.object(path+".name", o["name"])
		c.only(path+".name", name, "formatted_name", "first_name", "last_name", "middle_name", "suffix", "prefix")
		formatted := c.required(path+".name", name, "formatted_name", 1024)
		if i == 0 {
			req.text = formatted
		}
		c.contactParts(path, o)
	}
}

// contactParts are the keys that may be left out.
func (c *checker) contactParts(path string, o object) {
	for key, keys := range map[string][]string{
		"phones": {"phone", "type", "wa_id"}, "emails": {"email", "type"}, "urls": {"url", "type"},
		"addresses": {"street", "city", "state", "zip", "country", "country_code", "type"},
	} {
		if o[key] == nil {
			continue
		}
		for i, raw := range c.list(path+"."+key, o[key], 0, 100) {
			at := path + "." + key + "[" + strconv.Itoa(i) + "]"
			part := c.object(at, raw)
			c.only(at, part, keys...)
			for _, k := range keys {
				c.optional(at, part, k, 1024)
			}
		}
	}
	if o["org"] != nil {
		org := c.object(path+".org", o["org"])
		c.only(path+".org", org, "company", "department", "title")
	}
	if day := c.optional(path, o, "birthday", 10); day != "" && !birthday.MatchString(day) {
		c.bad(path+".birthday", "must be YYYY-MM-DD")
	}
}
