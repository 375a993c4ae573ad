package inbox

import (
	"flag"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "20") // each has a database's work; the command line may ask for more
	pgtest.Main(m)
}
