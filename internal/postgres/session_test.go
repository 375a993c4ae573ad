package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// login is one log-in whose tokens are named by letters.
type login struct {
	t       *testing.T
	db      *postgres.DB
	session id.Session
	account id.User
	begun   time.Time
	owner   user.User
}

// about is an audit entry about somebody.
func about(u user.User, at time.Time) postgres.Entry {
	return postgres.Entry{Actor: u.ID.String(), Action: "X", Entity: "user", EntityID: u.ID.String(), At: at}
}

const grace = 10 * time.Second

func logIn(t *testing.T) login {
	t.Helper()
	db := pgtest.DB(t)
	ana := pgtest.User(t, db, pgtest.Tenant(t, db).ID, user.Attendant, "")
	l := login{t, db, id.NewSession(), ana.ID, time.Now().UTC().Truncate(time.Microsecond), ana}
	l.open("a")
	return l
}

// open begins the log-in with its first token.
func (l login) open(token string) {
	l.t.Helper()
	s := postgres.Session{ID: l.session, CreatedAt: l.begun, ExpiresAt: l.begun.Add(time.Hour), IP: "203.0.113.7", Device: "Firefox"}
	must(l.t, l.db.SystemOpenSession(within(l.t), s, l.owner, []byte(token), about(l.owner, l.begun)))
}

// rotate gives newToken for oldToken, so long after the log-in.
func (l login) rotate(oldToken, newToken string, after time.Duration) error {
	l.t.Helper()
	account, session, err := l.db.SystemRotate(within(l.t), []byte(oldToken), []byte(newToken), l.begun.Add(after), grace)
	if err == nil && (account != l.account || session != l.session) {
		l.t.Errorf("%s belongs to another log-in", oldToken)
	}
	return err
}

func (l login) assertLive(want bool) {
	l.t.Helper()
	live, err := l.db.SystemSessionIsLive(within(l.t), l.session, l.account, l.begun.Add(time.Minute))
	must(l.t, err)
	if live != want {
		l.t.Errorf("the log-in is live: %v, want %v", live, want)
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	l := logIn(t)
	account, err := l.db.SystemAccount(within(t), l.account)
	must(t, err)
	if !account.LastLogin.Equal(l.begun) {
		t.Errorf("last log-in %s, want %s", account.LastLogin, l.begun)
	}
	l.assertLive(true)
	must(t, l.rotate("a", "b", time.Minute))
	must(t, l.rotate("b", "c", 30*time.Minute))
	if err := l.rotate("unknown", "d", time.Minute); !errors.Is(err, postgres.ErrNoSession) {
		t.Errorf("an unknown token gives %v", err)
	}
	if err := l.rotate("c", "d", time.Hour); !errors.Is(err, postgres.ErrNoSession) {
		t.Errorf("a token of an expired log-in gives %v", err)
	}
	stranger := pgtest.User(t, l.db, l.owner.TenantID, user.Attendant, "")
	if err := l.db.SystemEndSession(within(t), l.session, stranger, about(stranger, l.begun)); !errors.Is(err, postgres.ErrSessionUnknown) {
		t.Errorf("a stranger ends the log-in: %v", err)
	}
	l.assertLive(true)
	must(t, l.db.SystemEndSession(within(t), l.session, l.owner, about(l.owner, l.begun)))
	l.assertLive(false)
	if err := l.rotate("c", "d", time.Minute); !errors.Is(err, postgres.ErrNoSession) {
		t.Errorf("a token of an ended log-in gives %v", err)
	}
}

// TestReusedTokenEndsTheLogIn holds that owner and thief cannot both go on.
func TestReusedTokenEndsTheLogIn(t *testing.T) {
	t.Parallel()
	cases := map[string][][2]string{ // the last of these uses must be refused
		"the successor is in use":        {{"a", "b"}, {"b", "c"}, {"a", "d"}},
		"the successor was replaced":     {{"a", "b"}, {"a", "c"}, {"b", "d"}},
		"a successor further on in use":  {{"a", "b"}, {"b", "c"}, {"c", "d"}, {"b", "e"}},
		"one of two successors in use":   {{"a", "b"}, {"a", "c"}, {"c", "d"}, {"a", "e"}},
		"used after the owner went back": {{"a", "b"}, {"a", "c"}, {"c", "d"}, {"b", "e"}},
	}
	for name, uses := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := logIn(t)
			for n, use := range uses {
				err := l.rotate(use[0], use[1], time.Duration(n+1)*time.Minute)
				if last := n == len(uses)-1; !last {
					must(t, err)
				} else if !errors.Is(err, postgres.ErrTokenReplayed) {
					t.Errorf("got %v, want %v", err, postgres.ErrTokenReplayed)
				}
			}
			l.assertLive(false)
			newest := uses[len(uses)-2][1]
			if err := l.rotate(newest, "z", 10*time.Minute); !errors.Is(err, postgres.ErrNoSession) {
				t.Errorf("the newest token still works: %v", err)
			}
		})
	}
}

// TestTwoTabs lets two tabs of one browser refresh at the same moment: both go on.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	l := logIn(t)
	var tabs errgroup.Group
	var start sync.WaitGroup
	start.Add(1)
	for _, token := range []string{"b", "c"} {
		tabs.Go(func() error {
			start.Wait()
			return l.rotate("a", token, time.Minute)
		})
	}
	start.Done()
	must(t, tabs.Wait())
	must(t, l.rotate("b", "b2", time.Minute+grace))
	must(t, l.rotate("c", "c2", time.Minute+grace))
	l.assertLive(true)
}

// TestPurgeForgetsOldLogIns keeps those that may still be asked for.
func TestPurgeForgetsOldLogIns(t *testing.T) {
	t.Parallel()
	l := logIn(t)
	must(t, l.db.SystemPurge(within(t), l.begun.Add(time.Hour)))
	must(t, l.rotate("a", "b", time.Minute))
	must(t, l.db.SystemPurge(within(t), l.begun.Add(26*time.Hour)))
	if n := number(t, pgtest.Owner(t, l.db), "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM refresh_token)"); n != 0 {
		t.Errorf("%d rows of an old log-in remain", n)
	}
}

// TestAllLogInsEndAtOnce holds that a change of the password ends every log-in but the
// one that is kept, and one that was being opened with the old password too.
func TestAllLogInsEndAtOnce(t *testing.T) {
	t.Parallel()
	kept := logIn(t)
	other := kept
	other.session = id.NewSession()
	other.open("o")
	must(t, kept.db.SystemChangePassword(within(t), kept.owner, "another hash", kept.session, about(kept.owner, kept.begun)))
	late := kept
	late.session = id.NewSession()
	late.open("l")
	kept.assertLive(true)
	other.assertLive(false)
	late.assertLive(false)
	must(t, kept.rotate("a", "b", time.Minute))
	for _, token := range []string{"o", "l"} {
		if err := kept.rotate(token, token+"2", time.Minute); !errors.Is(err, postgres.ErrNoSession) {
			t.Errorf("%s still rotates: %v", token, err)
		}
	}
	sessions, err := kept.db.SystemSessions(within(t), kept.account, kept.begun.Add(time.Minute))
	must(t, err)
	if len(sessions) != 1 || sessions[0].ID != kept.session || sessions[0].IP != "203.0.113.7" || sessions[0].Device != "Firefox" || !sessions[0].UsedAt.Equal(kept.begun) {
		t.Errorf("the list holds %+v", sessions)
	}
}

// TestUseOfALogIn is noted to within five minutes.
func TestUseOfALogIn(t *testing.T) {
	t.Parallel()
	l := logIn(t)
	for _, c := range []struct{ at, want time.Duration }{{4 * time.Minute, 0}, {5 * time.Minute, 5 * time.Minute}, {9 * time.Minute, 5 * time.Minute}} {
		_, err := l.db.SystemSessionIsLive(within(t), l.session, l.account, l.begun.Add(c.at))
		must(t, err)
		sessions, err := l.db.SystemSessions(within(t), l.account, l.begun)
		must(t, err)
		if got := sessions[0].UsedAt.Sub(l.begun); got != c.want {
			t.Errorf("used after %s: noted %s, want %s", c.at, got, c.want)
		}
	}
}
