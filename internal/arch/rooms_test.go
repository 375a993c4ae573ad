package arch

// A layer says how far above the machine a room stands. Imports only go down.
type layer int

const (
	leaf       layer = iota + 1 // knows nothing of the product
	noun                        // true on paper, without a computer
	technology                  // how we reach things
	activity                    // what we do: transactions, order of steps
	door                        // who reaches us
	wiring                      // makes everything and ties it together
	testRoom                    // looks down at everything, imported by tests only
)

// A room is one package: where it stands, and why it is there.
type room struct {
	path  string // from the root of the module
	layer layer
	step  int      // the ladder inside a layer: a room may import the lower steps (0 imports no sibling)
	alone bool     // imports nothing of ours but what also names
	also  []string // rooms that it may import besides, whatever the layers say
	by    []string // when set, product code outside these may not import it
	why   string
}

// rooms is the whole product, bottom to top. A new package gets its row first: if its purpose does not fit
// one line, it belongs to its only caller. .golangci.yml says the same to the editor.
var rooms = []room{
	{path: "internal/domain/id", layer: leaf, why: "one identifier type per noun, so that they do not mix"},
	{path: "internal/domain/fault", layer: leaf, why: "the few kinds of refusal, with stable codes"},
	{path: "internal/clock", layer: leaf, why: "injected time"},
	{path: "internal/sealed", layer: leaf, why: "AES-256-GCM values at rest, the key's id in the value"},
	{path: "internal/obs", layer: leaf, also: []string{"internal/clock"}, why: "logs, metrics, build information"},
	{path: "internal/config", layer: leaf, also: []string{"internal/sealed"}, why: "the only reader of the environment"},
	{path: "internal/sheet", layer: leaf, why: "tables for spreadsheet programs, in which nothing is a formula"},
	{path: "internal/egress", layer: leaf, why: "requests to addresses that strangers chose, kept out of our own network"},
	{path: "internal/metrics", layer: leaf, by: []string{"internal/app"}, why: "counts for Prometheus, and where they are read"},
	{path: "internal/groupcommit", layer: leaf, why: "many callers, one commit; knows no SQL"},
	{path: "internal/stale", layer: leaf, also: []string{"internal/domain/id"}, why: "the news that something remembered is no longer so"},
	{path: "internal/click", layer: leaf, also: []string{"internal/clock", "internal/sealed", "internal/domain/id", "internal/domain/fault"}, why: "signed links that note a guest's click and lead elsewhere"},
	{path: "internal/lane", layer: leaf, also: []string{"internal/clock", "internal/domain/id", "internal/obs"}, why: "runs ordered lanes of work, fair between tenants; knows no SQL"},

	{path: "internal/domain/tenant", layer: noun, step: 1, why: "a hotel company: settings, numbers, units"},
	{path: "internal/domain/user", layer: noun, step: 2, why: "a person who logs in, and what the role allows"},
	{path: "internal/domain/contact", layer: noun, step: 3, why: "a guest: phone, Brazil's ninth digit, BSUID"},
	{path: "internal/domain/conversation", layer: noun, step: 4, why: "state, lock, window, and who answers"},
	{path: "internal/domain/message", layer: noun, step: 5, why: "kinds, content, and which status follows which"},
	{path: "internal/domain/media", layer: noun, step: 6, why: "a file: its kind, how large it may be, what a browser may show"},
	{path: "internal/domain/content", layer: noun, step: 6, why: "what the hotel can send in one message, within WhatsApp's limits"},
	{path: "internal/domain/escalation", layer: noun, step: 6, why: "the record of a bot that asked for a person"},
	{path: "internal/domain/quickreply", layer: noun, step: 6, why: "a stored text that people insert while they write"},
	{path: "internal/domain/news", layer: noun, step: 6, why: "what WhatsApp tells a hotel about its account, numbers and templates"},
	{path: "internal/domain/template", layer: noun, step: 7, why: "messages that Meta approves beforehand: form, gaps, languages"},
	{path: "internal/domain/figures", layer: noun, step: 7, why: "which stretch of time a manager asks about, and what the numbers mean"},
	{path: "internal/domain/stay", layer: noun, step: 7, why: "a stay that guests ask about, and which rooms of a table are free for it"},
	{path: "internal/domain/event", layer: noun, step: 7, why: "what screens are told, so it may name every noun"},
	{path: "internal/domain/subscription", layer: noun, step: 8, why: "what programs outside are told, which events of ours those are, and who wants them"},

	{path: "internal/postgres/sqlc", layer: technology, by: []string{"internal/postgres"}, why: "generated; one caller, so that the tenant is always pinned"},
	{path: "internal/postgres/embedded", layer: technology, alone: true, by: []string{"internal/app"}, why: "a private PostgreSQL; could be a project of its own"},
	{path: "internal/postgres/original", layer: technology, alone: true, by: []string{"internal/importer", "internal/app"}, why: "reads the database of the system that we replace"},
	{path: "internal/postgres", layer: technology, also: []string{"internal/postgres/sqlc"}, why: "the only room that speaks SQL"},
	{path: "internal/whatsapp", layer: technology, why: "Meta's protocol: parse, verify, send"},
	{path: "internal/whatsapp/simulator", layer: technology, alone: true, by: []string{"internal/app"}, why: "stands in for Meta, so it may know only what Meta knows"},
	{path: "internal/n8n", layer: technology, why: "n8n's protocol: hand over a message, check a key"},
	{path: "internal/n8n/demobot", layer: technology, alone: true, also: []string{"internal/obs"}, by: []string{"internal/app"}, why: "stands in for a hotel's flow, so it may know only the API"},
	{path: "internal/mail", layer: technology, why: "one letter by SMTP"},
	{path: "internal/wire", layer: technology, why: "how nouns look in JSON, for answers and events alike"},
	{path: "internal/redisbus", layer: technology, by: []string{"internal/app"}, why: "what instances tell each other, and count together, through Redis"},
	{path: "internal/blob", layer: technology, why: "keeps bytes under keys: in a folder or an object store"},
	{path: "internal/picture", layer: technology, alone: true, why: "small pictures of large ones that strangers sent"},
	{path: "internal/sound", layer: technology, alone: true, why: "looks into recordings, and makes voice notes of them"},
	{path: "internal/transcribe", layer: technology, why: "asks an engine what is said in a recording"},
	{path: "internal/ratelimit", layer: technology, why: "limits by name, in memory or in Redis"},
	{path: "internal/realtime/socketio/engineio", layer: technology, alone: true, by: []string{"internal/realtime/socketio"}, why: "the transport below: polling, websocket, upgrade"},
	{path: "internal/realtime/socketio", layer: technology, alone: true, also: []string{"internal/realtime/socketio/engineio"}, by: []string{"internal/realtime", "internal/app"}, why: "the Socket.IO protocol; could be a project of its own"},

	{path: "internal/directory", layer: activity, step: 1, why: "whose a number is, and a hotel's secrets in the clear; remembered for seconds"},
	{path: "internal/usage", layer: activity, step: 1, why: "what hotels use of their plans, and when it is used up"},
	{path: "internal/auth", layer: activity, step: 2, why: "passwords, tokens, keys: who is calling"},
	{path: "internal/filing", layer: activity, step: 2, why: "takes files in, and makes the addresses under which they are fetched"},
	{path: "internal/availability", layer: activity, step: 2, why: "which rooms are free: from the hotel's table, or an address of the hotel's"},
	{path: "internal/transfer", layer: activity, step: 3, why: "files from Meta and to Meta"},
	{path: "internal/mirror", layer: activity, step: 2, why: "keeps here what Meta has of accounts: templates and numbers"},
	{path: "internal/outbox", layer: activity, step: 2, why: "the way of a message out to Meta"},
	{path: "internal/fanout", layer: activity, step: 2, why: "tells programs outside what happens, until they have heard it"},
	{path: "internal/reports", layer: activity, step: 2, why: "what managers ask, from the database's sums"},
	{path: "internal/provision", layer: activity, step: 3, why: "sets hotels and users up"},
	{path: "internal/staff", layer: activity, step: 3, why: "a hotel's people, as their managers change them"},
	{path: "internal/backup", layer: activity, step: 3, why: "copies of the whole platform: made, tried out, brought back"},
	{path: "internal/importer", layer: activity, step: 3, why: "moves hotels over from the system that we replace"},
	{path: "internal/guestbook", layer: activity, step: 3, why: "what people write about guests: add, change, import, export"},
	{path: "internal/privacy", layer: activity, step: 3, why: "what guests may ask of a hotel by law: their data"},
	{path: "internal/merging", layer: activity, step: 3, why: "makes one of two guests who are one person, and takes it back"},
	{path: "internal/desk", layer: activity, step: 3, why: "people at work: escalate, take over, close"},
	{path: "internal/inbox", layer: activity, step: 4, why: "the way of a message in, and on to the bot"},

	{path: "internal/httpapi", layer: door, why: "our HTTP surface: one table of routes"},
	{path: "internal/realtime", layer: door, why: "our socket surface: rooms and events"},

	{path: "web", layer: leaf, by: []string{"internal/app"}, why: "the built dashboard, compiled in"},

	{path: "internal/app", layer: wiring, why: "constructors, start and stop, command line"},
	{path: "cmd/botreserva", layer: wiring, alone: true, also: []string{"internal/app", "internal/config"}, why: "main: arguments and environment in, exit code out"},

	{path: "internal/postgres/pgtest", layer: testRoom, why: "databases cloned from a migrated template"},
	{path: "internal/redisbus/redistest", layer: testRoom, why: "a real Redis that can be killed and held still"},
	{path: "internal/logtest", layer: testRoom, alone: true, why: "searches what tests log for what no log may hold"},
	{path: "internal/apptest", layer: testRoom, why: "the product in process, in the hotel's words"},
	{path: "internal/faulttest", layer: testRoom, why: "the real binary, killed and starved in the middle of work"},
	{path: "internal/scale", layer: testRoom, why: "makes up years of a platform's life, to measure on"},
	{path: "internal/bench", layer: testRoom, why: "drives load and counts what was lost"},
	{path: "internal/arch", layer: testRoom, alone: true, why: "this table"},
}

// A library is a package from outside that we decided to use, and where.
type library struct {
	path     string   // import path; sub-packages belong to it
	rooms    []string // rooms and their sub-rooms that may import it; nil means any
	testOnly bool     // for tests and test rooms
	why      string
}

// libraries holds every module that our code imports: a new one is a decision, taken here.
// Tests and test rooms may use all of them.
var libraries = []library{
	{path: "github.com/google/uuid", why: "identifiers, version 7"},
	{path: "golang.org/x/sync", why: "errgroup, singleflight"},
	{path: "golang.org/x/text", why: "accents and case of unit names"},
	{path: "golang.org/x/sys", rooms: []string{"internal/postgres/embedded"}, why: "file locks, user namespaces"},
	{path: "github.com/caarlos0/env/v11", rooms: []string{"internal/config"}, why: "environment to struct"},
	{path: "github.com/lmittmann/tint", rooms: []string{"internal/obs"}, why: "logs that people read"},
	{path: "github.com/jackc/pgx/v5", rooms: []string{"internal/postgres", "internal/app"}, why: "only postgres speaks SQL; app opens the pool"},
	{path: "database/sql", rooms: []string{"internal/postgres"}, why: "only postgres speaks SQL"},
	{path: "database/sql/driver", rooms: []string{"internal/postgres", "internal/domain/id"}, why: "interfaces alone: how a value becomes a column"},
	{path: "github.com/pressly/goose/v3", rooms: []string{"internal/postgres"}, why: "migrations"},
	{path: "github.com/golang-jwt/jwt/v5", rooms: []string{"internal/auth"}, why: "access tokens"},
	{path: "golang.org/x/crypto", rooms: []string{"internal/auth"}, why: "bcrypt"},
	{path: "github.com/danielgtaylor/huma/v2", rooms: []string{"internal/httpapi"}, why: "typed handlers, OpenAPI"},
	{path: "github.com/go-chi/chi/v5", rooms: []string{"internal/httpapi"}, why: "routes"},
	{path: "github.com/go-chi/cors", rooms: []string{"internal/httpapi"}, why: "which pages may call us"},
	{path: "github.com/gomodule/redigo", rooms: []string{"internal/redisbus"}, why: "Redis' protocol: connections, subscriptions, TLS"},
	{path: "github.com/gabriel-vasile/mimetype", rooms: []string{"internal/filing"}, why: "the type of a file by its content; net/http knows no office documents"},
	{path: "github.com/minio/minio-go/v7", rooms: []string{"internal/blob"}, why: "S3: signatures, errors, retries"},
	{path: "filippo.io/age", rooms: []string{"internal/backup"}, why: "encrypts backups in a form that standard tools open"},
	{path: "github.com/klauspost/compress", rooms: []string{"internal/backup"}, why: "zstd, for backups"},
	{path: "github.com/prometheus/client_golang", rooms: []string{"internal/metrics"}, why: "counts in Prometheus' form"},
	{path: "golang.org/x/image", rooms: []string{"internal/picture"}, why: "WebP, and scaling"},
	{path: "github.com/coder/websocket", rooms: []string{"internal/realtime/socketio"}, why: "websocket frames"},
	{path: "github.com/wneessen/go-mail", rooms: []string{"internal/mail"}, why: "SMTP: STARTTLS, log-in, headers"},
	{path: "github.com/emersion/go-smtp", testOnly: true, why: "a mail server to send to"},
	{path: "github.com/emersion/go-sasl", testOnly: true, why: "how that server asks for a password"},
	{path: "github.com/alecthomas/kong", rooms: []string{"internal/app"}, why: "command line"},
	{path: "github.com/google/go-cmp", testOnly: true, why: "says what differs"},
	{path: "pgregory.net/rapid", testOnly: true, why: "properties"},
	{path: "go.uber.org/goleak", testOnly: true, why: "goroutines left behind"},
	{path: "testing", testOnly: true, why: "a product that imports it carries test flags"},
}

// notInNouns are parts of the standard library that need a computer.
var notInNouns = []string{"os", "net", "net/http", "os/exec", "log/slog", "syscall"}

// emptyNames say nothing about what a package holds, so anything ends up in them.
var emptyNames = []string{
	"base", "common", "helper", "helpers", "lib", "manager", "misc", "model", "models",
	"shared", "tools", "types", "util", "utils", "v2",
}
