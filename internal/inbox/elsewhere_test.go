package inbox

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// cases is how many §11 has.
const cases = 141

// elsewhere names the tests of the cases that are not in matrix, by their first and last
// number.
var elsewhere = []struct {
	from, to int
	test     string
}{
	{1, 12, "TestWhatsAppHandshake"},
	{4, 4, "TestWhatsAppHandshakeWithoutTokens"},
	{13, 13, "TestWhatsAppAccepted"},
	{14, 14, "TestWhatsAppUnderstood"},
	{15, 18, "TestWhatsAppRefused"},
	{19, 19, "TestWhatsAppAccepted"},
	{20, 20, "TestWhatsAppRefused"},
	{21, 21, "TestChangedSecrets"},
	{22, 22, "TestWhatsAppRefused"},
	{23, 23, "TestWhatsAppAccepted"},
	{24, 26, "TestWhatsAppRefused"},
	{27, 27, "TestWhatsAppAccepted"},
	{28, 28, "TestWhatsAppSlowBody"},
	{29, 29, "TestWhatsAppRefused"},
	{30, 30, "TestWhatsAppAccepted"},
	{31, 31, "TestWhatsAppPoison"},
	{32, 32, "TestWhatsAppAccepted"},
	{33, 34, "TestWhatsAppUnderstood"},
	{35, 35, "TestWhatsAppAccepted"},
	{36, 36, "TestWhatsAppPoison"},
	{37, 37, "TestWhatsAppUnderstood"},
	{38, 38, "TestWhatsAppPoison"},
	{39, 39, "TestWhatsAppDatabaseDown"},
	{40, 40, "TestWhatsAppDisconnect"},
	{41, 42, "TestWhatsAppRepeats"},
	{43, 44, "TestWhatsAppPoison"},
	{45, 45, "TestWhatsAppTwoHotels"},
	{46, 46, "TestWhatsAppEnvelope"},
	{49, 49, "TestWhatsAppEnvelope"},
	{50, 50, "TestUnknownNumberIsClaimed"},
	{51, 52, "TestWhatsAppEnvelope"},
	{56, 56, "TestWhatsAppEnvelope"},
	{57, 57, "TestWebhooksAreReadAsTheirGoldenFilesSay"},
	{60, 60, "TestWhatsAppManyNumbers"},
	{63, 63, "TestTimestamps"},
	{73, 73, "TestNinthDigit"},
	{88, 90, "TestPressedButtons"},
	{95, 95, "TestChoicesAndMetadata"},
	{96, 96, "TestTokenStaysAtMeta"},
	{97, 97, "TestFilenames"},
	{98, 98, "TestUpload"},
	{99, 100, "TestFetchGivesUp"},
	{100, 100, "TestAddressIsAskedAgain"},
	{102, 102, "TestKindsAndContents"},
	{103, 103, "TestListsOfGuestsAreCapped"},
	{107, 107, "TestStopWord"},
	{108, 108, "TestTwoBots"},
	{108, 108, "TestOwnNumber"},
	{113, 113, "TestStatusBeforeTheAnswer"},
	{124, 124, "TestNinthDigit"},
	{126, 126, "TestManyStatuses"},
	{133, 133, "TestNewsOfAStranger"},
}

// Every case of §11 is in the matrix, or in a test that exists.
func TestEveryCaseHasATest(t *testing.T) {
	t.Parallel()
	covered := map[int]bool{}
	for name := range matrix {
		n, err := strconv.Atoi(name[:3])
		if err != nil {
			t.Fatal(err)
		}
		covered[n] = true
	}
	tests := allTests(t)
	for _, e := range elsewhere {
		if !tests[e.test] {
			t.Errorf("cases %d to %d: there is no %s", e.from, e.to, e.test)
		}
		for n := e.from; n <= e.to; n++ {
			covered[n] = true
		}
	}
	for n := 1; n <= cases; n++ {
		if !covered[n] {
			t.Errorf("case %d has no test and no word", n)
		}
	}
}

func allTests(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	found := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(filepath.Clean(path))
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// News about an account that no hotel has makes no hotel, and reaches none.
func TestNewsOfAStranger(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	l := x.line(t)
	own := l.hotel.Number.WABAID
	l.hotel.Number.WABAID = "999"
	l.post(1, account("account_update", `"event":"PARTNER_ADDED"`))
	l.hotel.Number.WABAID = own
	l.work(1)
	if got := l.state(); len(got) != 0 {
		t.Errorf("it left %v", got)
	}
	if n := l.rows(`SELECT count(*)::text FROM tenant WHERE $1::uuid IS NOT NULL AND $2::timestamptz IS NOT NULL`); n[0] != "1" {
		t.Errorf("%s hotels", n[0])
	}
}

// Two hotels with numbers in one account both hear of it.
func TestNewsOfASharedAccount(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	a, b, other := x.line(t), x.line(t), x.line(t)
	b.sql("UPDATE whatsapp_number SET waba_id = $2 WHERE tenant_id = $1", b.hotel.ID, a.hotel.Number.WABAID)
	a.post(1, template("PAUSED"))
	for _, l := range []*line{a, b, other} {
		l.work(1)
	}
	if len(a.told()) != 1 || len(b.told()) != 1 || len(other.told()) != 0 {
		t.Errorf("told %v, %v, %v", a.told(), b.told(), other.told())
	}
}
