package filing

// For tests from outside.
var (
	Tidy   = tidy
	TypeOf = typeOf
)
