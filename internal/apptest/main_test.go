package apptest_test

import (
	"flag"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestMain runs more tests side by side than there are cores: they mostly wait.
func TestMain(m *testing.M) {
	const sideBySide = "6"
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", sideBySide) // the flag exists in every test binary
	}
	pgtest.Main(m)
}
