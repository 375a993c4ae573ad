// Package auth says who somebody is: people by password and tokens, flows by key.
// What they may do is decided where it is done, by role and scope. Start with
// Service.Authenticate; login.go is how people come in, leave.go how they go,
// tokens.go has the claims.
package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/stale"
)

// Principal is a person who has logged in.
type Principal struct {
	User    user.User
	Session id.Session // zero for tokens of the original, which know no sessions
	Expires time.Time  // of the access token

	token [sha256.Size]byte // of an access token that belongs to no session
}

// Refusals.
var (
	ErrCredentials = fault.New(fault.Unauthorized, "invalid_credentials", "E-mail or password is wrong.")
	ErrToken       = fault.New(fault.Unauthorized, "invalid_token", "The access token is missing, expired or not ours. Log in again.")
	ErrPassword    = fault.New(fault.Invalid, "password_invalid", "A password has 8 to 72 characters.")
	// ErrWrongPassword refuses what a person who is in wants to do with their password.
	ErrWrongPassword = fault.New(fault.Unauthorized, "password_wrong", "This is not your present password.")
)

const (
	accessTime  = 8 * time.Hour
	refreshTime = 7 * 24 * time.Hour
	tabsGrace   = 30 * time.Second // two tabs may refresh at the same moment
	// seenFor is how long an answer of the database about a user is believed: a
	// suspended user is out after it.
	seenFor = 3 * time.Second
	maxSeen = 50_000
	// cost of bcrypt, as the original's, so that its hashes stay good.
	cost = 12
)

// Service logs people in and checks tokens.
type Service struct {
	// Box seals the secrets of second factors: without it none can be set up.
	Box *sealed.Box
	// Letters sends what replaces a forgotten password; without it nobody can ask for it.
	Letters *Letters
	// HashPassword prepares a password for storage; New sets it to the package's.
	HashPassword func(password string) (string, error)

	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
	access    []byte
	refresh   []byte
	hashing   chan struct{} // bcrypt is heavy: two at a time

	mu    sync.Mutex
	age   int // changes whenever something is forgotten
	seen  map[seenKey]seen
	flows map[id.Tenant]FlowCall
}

type seenKey struct {
	user    id.User
	session id.Session
	token   [sha256.Size]byte // of a token that belongs to no session
}

type seen struct {
	user  user.User
	err   error
	until time.Time
}

// decoy is compared with when nobody has the e-mail, so that the answer takes as
// long: the hash, at the same cost, of a random text that was thrown away.
const decoy = "$2a$12$BhfUo0XD8JjCGVf2yZ0dgODcYGPfwDS7z7wLnp1ZonUyFwxrnK.ja"

// errSecrets is a mistake of whoever put the product together.
var errSecrets = errors.New("access and refresh tokens need a secret each, and not the same")

// New makes the service. The secrets sign access and refresh tokens; they must
// differ, because tokens of the original do not say what they are for.
func New(db *postgres.DB, dir *directory.Directory, c clock.Clock, accessSecret, refreshSecret string) (*Service, error) {
	if accessSecret == "" || refreshSecret == "" || accessSecret == refreshSecret {
		return nil, errSecrets
	}
	return &Service{
		db: db, directory: dir, clock: c, access: []byte(accessSecret), refresh: []byte(refreshSecret),
		hashing: make(chan struct{}, 2), seen: map[seenKey]seen{}, flows: map[id.Tenant]FlowCall{},
		HashPassword: HashPassword,
	}, nil
}

// Authenticate checks an access token. The user's role and state come from the
// database, so that a change counts within seconds; ErrToken is returned for a token
// that is wrong, expired or of an ended session, tenant.ErrSuspended for a hotel
// that may not work.
func (s *Service) Authenticate(ctx context.Context, token string) (Principal, error) {
	claims, err := s.parse(token, s.access, accessToken)
	if err != nil {
		return Principal{}, ErrToken
	}
	key := seenKey{user: claims.UserID, session: claims.Session}
	if claims.Session.IsZero() {
		key.token = sha256.Sum256([]byte(token))
	}
	u, err := s.see(ctx, key)
	if err != nil {
		return Principal{}, err
	}
	return Principal{User: u, Session: claims.Session, Expires: claims.ExpiresAt.Time, token: key.token}, nil
}

// see returns a user who may work now.
func (s *Service) see(ctx context.Context, key seenKey) (user.User, error) {
	now := s.clock.Now()
	s.mu.Lock()
	known, ok := s.seen[key]
	age := s.age
	s.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.user, known.err
	}
	u, err := s.look(ctx, key)
	if err != nil && fault.Of(err).Kind == fault.Internal || errors.Is(err, fault.ErrUnavailable) {
		return u, err // says nothing about the user
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if age != s.age {
		return u, err // something changed meanwhile: perhaps this
	}
	if len(s.seen) >= maxSeen {
		clear(s.seen)
	}
	s.seen[key] = seen{u, err, now.Add(seenFor)}
	return u, err
}

// Forget drops what is remembered about those whom a notice concerns: the next look is
// at the database.
func (s *Service) Forget(n stale.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.seen, func(k seenKey, known seen) bool { return n.Concerns(known.user.TenantID, k.user, k.session) })
	s.age++
}

func (s *Service) look(ctx context.Context, key seenKey) (user.User, error) {
	account, err := s.db.SystemAccount(ctx, key.user)
	if errors.Is(err, user.ErrNotFound) || err == nil && account.Status != user.Active {
		return user.User{}, ErrToken
	}
	if err != nil {
		return user.User{}, err
	}
	goesOn, err := s.goesOn(ctx, key, account)
	if err != nil {
		return user.User{}, err
	}
	if !goesOn {
		return user.User{}, ErrToken
	}
	return account.User, s.mayEnter(ctx, account.User, "")
}

// goesOn reports whether the log-in of a token was not ended. A token of the original
// belongs to none: it ends by itself, by its own log-out, or with the first time that all
// log-ins of its account are ended.
func (s *Service) goesOn(ctx context.Context, key seenKey, account postgres.AccountRow) (bool, error) {
	if !key.session.IsZero() {
		return s.db.SystemSessionIsLive(ctx, key.session, key.user, s.clock.Now())
	}
	if account.SessionEpoch > 0 {
		return false, nil
	}
	ended, err := s.db.SystemTokenIsEnded(ctx, key.token[:])
	return !ended, err
}

// entry begins an audit entry about somebody's own account.
func (s *Service) entry(action string, u user.User) postgres.Entry {
	return postgres.Entry{Actor: u.ID.String(), Action: action, Entity: "user", EntityID: u.ID.String(), At: s.clock.Now()}
}

// hashOf is how tokens and keys are stored: they are long and random, so a plain
// hash is enough.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
