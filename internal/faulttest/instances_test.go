package faulttest

import (
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// few is for tests in which the burst is not the point.
var few = burst{chatty: 5, perChatty: 2, quiet: 5, perOne: 4}

func TestSecondInstance_on_the_same_database_is_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newCluster(t).url(), few)
	w.addHotel()
	p := w.serve()
	w.refuseSecond(p)
	w.begin()
	w.settle()
	w.check()
}

func TestSecondInstance_on_the_same_folder_is_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "", few)
	p := w.serve()
	out := launch(t, w.env("PORT=0"), "serve")
	if code := out.wait(t); code == 0 {
		t.Error("a second program on the same folder ended with 0")
	}
	if said := out.log.String(); !strings.Contains(said, w.dataDir+" is in use by process") {
		t.Errorf("a second program on the same folder said:\n%s", said)
	}
	if !p.isAlive() {
		t.Error("the first program ended")
	}
}

// TestTenantAdd_while_serving: the command line shares the running program's private
// database, and the program knows the new hotel within seconds.
func TestTenantAdd_while_serving(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "", few)
	p := w.serve()
	// The number is asked for before it is anybody's: what the program remembers of that
	// must not last.
	w.begin()
	await(t, "webhooks to be refused", func() bool { return w.webhookAnswers()[401] > 0 })
	w.addHotel()
	added := time.Now()
	await(t, "webhooks to be accepted", func() bool { return w.taken() > 0 })
	took := time.Since(added)
	t.Logf("webhooks of the new hotel were accepted %d ms after tenant add", took.Milliseconds())
	if took > 15*time.Second {
		t.Errorf("webhooks of the new hotel were accepted only after %s", took)
	}
	w.settle()
	w.check()
	if !p.isAlive() {
		t.Error("the program ended")
	}
}

// TestTerminate: SIGTERM in the middle of a burst lets what has begun finish, so that
// the next start repeats nothing.
func TestTerminate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newCluster(t).url(), burst{chatty: 20, perChatty: 2, quiet: 20, perOne: 10})
	w.addHotel()
	w.flow.takes = 200 * time.Millisecond // so that some always are under way
	if err := w.sim.Tune(func(k *simulator.Knobs) { k.Latency = 100 * time.Millisecond }); err != nil {
		t.Fatal(err)
	}
	p := w.serve()
	w.begin()
	await(t, "a part of the burst", func() bool {
		return w.flow.count() >= w.burst.messages()/4 && w.answered() >= w.burst.answers()/5
	})
	code, took := p.stop(t)
	t.Logf("ended %d ms after SIGTERM", took.Milliseconds())
	if code != 0 {
		t.Errorf("exit code %d after SIGTERM\n%s", code, p.log)
	}
	if took > 20*time.Second {
		t.Errorf("ended %s after SIGTERM", took)
	}
	if w.flow.count() == w.burst.messages() {
		t.Error("the burst was over before the end")
	}
	w.serve()
	w.settle()
	w.check()
	if n := w.flow.repeats(); n > 0 {
		t.Errorf("%d messages were handed over again after an orderly end", n)
	}
	if w.cut > 0 {
		t.Errorf("%d answers were cut off by an orderly end", w.cut)
	}
}

func TestProduction_without_secrets_names_each(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "", few)
	_, said, code := run(t, w.env("APP_ENV=production"), "serve")
	if code == 0 {
		t.Error("exit code 0")
	}
	for _, variable := range []string{"JWT_SECRET", "JWT_REFRESH_SECRET", "ENCRYPTION_KEY"} {
		if !strings.Contains(said, variable+" ") {
			t.Errorf("%s is not named:\n%s", variable, said)
		}
	}
}
