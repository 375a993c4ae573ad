package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// frozen holds the SHA-256 of every migration that somebody may have applied. A change
// to one of them would never reach their database: write a new migration instead.
var frozen = map[string]string{
	"0001_init.sql":             "d0ff79deee09c61774ae3d0a02906698007ca9336d5f271229a2ad399aba7de7",
	"0002_groundwork.sql":       "401e1578d4c3ca731ec53f5a5109d48706ebd6ac35f09b8ad4f1b5aa19a11b79",
	"0003_accounts.sql":         "9f6ae0a345731e4b7b6fe4b1a5ad30258b5efc8170680f8eaadf9dc9c5ac3837",
	"0004_contacts.sql":         "7c2857d8da120d37ce914758300c6321d62c17ba187cf5e3aefa5a8059956b7e",
	"0005_conversations.sql":    "ab67e71c9f7e76050bfa3893a5f712059b80afd18abb215f22ebb8ec33385298",
	"0006_desk_tools.sql":       "ca3554eee2bafaf0aa8abfeeb6b6b009a0c30ce5bcd5af50fbd1f00b3be955be",
	"0007_tenants.sql":          "ba8601e55257941558378c69e5bb1db744fb90ed2a97c786255bf083de9b4a44",
	"0008_reports.sql":          "0081fcd5271da15dd079edd7fea15c2d2aeba575f7b2d4aaf4baa4e345a06cb5",
	"0009_media.sql":            "9b92aff492f91ea4447bbbf55963563ceec174c524d686896b51955288246b4e",
	"0010_contact_totals.sql":   "df48330613b3ad130c8d6deccd98faf0881836d00f2717a003411783ca662d23",
	"0011_privacy.sql":          "d7d414d12565160fabd932d57a8c901aed630fed4c665aedf310917fad0c9266",
	"0012_merge.sql":            "bd45ead059d9e27d44c667fdc640b6c83552e9a4a328df1977eb5679af351967",
	"0013_inbound.sql":          "b50c7967cf1df3bd1ef2f57d669e3a59a10d314b667482cd31cfaaccb420bfcf",
	"0014_contact_names.sql":    "c36c02ab7ad3c607f8b705c9da62ba709439147560bafc665d6289a1c72b8fc4",
	"0015_media_jobs.sql":       "62cd64179b8a7cb1d5e9af28e48ec4b5aeea3cbb309ed942f7f363ae714489c7",
	"0016_erase_news.sql":       "74021ee9f6516e78ae80afc640141993ed6e114f1473424901d836154f2ad055",
	"0017_templates.sql":        "a362326d63e0e5a7d2dde59adb895fdb73a7110c3dc26f4aa888c26b839aac3e",
	"0018_scheduled.sql":        "d20a4ebb650ab0b3c4ded73fa5e099020bb83f1c984dd26bf3167383510a6a5d",
	"0019_window_reminders.sql": "de3d46385abfefe71fcbafc22f4391975bb89b022ce8c97a073bc214b844f59f",
	"0020_paused_numbers.sql":   "21fa4f627bb8496c832de04148df6c083351a1c274159645dc460d5f0d6c642a",
	"0022_subscriptions.sql":    "f1ab94f768f33ea041cc1137e229911cd00a081c277487799e1eba5027bf8b33",
	"0023_availability.sql":     "b508422d0491c75ee376c38ebf4666bb1eafca5514f7717dbe36a584783c4eac",
	"0024_app_secret.sql":       "9989cb992c1badd86b1d77b6fe7f4ffa21800f9c3ca43a9072bf528afbdcdf57",
	"0025_turns.sql":            "15ce04cd4b1ca50aed1e69c7f65997ef9a22642cc9a1acf51aee3228e6adb918",
	"0027_flows_in.sql":         "9fea57a0481147e5cb1aa0ab318d874d80a7e1230115615303f96fb73f0a978d",
	"0028_flow_health.sql":      "6acbad3d5687748c6f762209936a404263a155809b6aaa3565eb4846833ee436",
	"0029_flow_out.sql":         "69c10c4642633640b49e2881ba81d9fb8063185ef200db828aa96b3b7e0ea071",
}

func TestMigrationsAreNeverEdited(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		sum := sha256.Sum256(text)
		if got := hex.EncodeToString(sum[:]); frozen[filepath.Base(file)] != got {
			t.Errorf("%s has the sum %s. A new migration is added to the table; an old one must not change", file, got)
		}
	}
	if len(files) != len(frozen) {
		t.Errorf("%d migrations, %d in the table", len(files), len(frozen))
	}
}
