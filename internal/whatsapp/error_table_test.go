package whatsapp_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// TestEveryErrorCode holds each code of the reference (§8.2) against what we do about it. A
// row that is judged anew is judged here too.
func TestEveryErrorCode(t *testing.T) {
	t.Parallel()
	for action, codes := range map[whatsapp.Action][]int{
		whatsapp.RetryLater:      {1, 2, 131000, 131016, 131057, 133004, 133015, 134101, 139103, 2494100},
		whatsapp.WaitPair:        {131056},
		whatsapp.SlowDown:        {4, 613, 80007, 80008, 130429},
		whatsapp.NotNow:          {131049},
		whatsapp.OfferTemplate:   {131047},
		whatsapp.GiveUpRecipient: {130403, 130472, 130497, 131026, 131050, 137000},
		whatsapp.RefreshTemplate: {132000, 132001, 132015, 132016, 134102},
		whatsapp.Reauthenticate:  {0, 3, 10, 190, 200, 250, 299, 131005},
		whatsapp.StopNumber: {
			33, 368, 131031, 131037, 131042, 131044, 131045, 131048, 131064, 133000, 133006, 133010, 134011,
		},
		whatsapp.NoAction: {130501, 131052},
		whatsapp.FixRequest: {
			100, 131008, 131009, 131014, 131020, 131041, 131201, 131021, 131030, 131051, 131053, 131055, 131059, 131062, 131063,
			132005, 132007, 132008, 132018, 132012, 132068, 132069, 133005, 133008, 133009, 133016, 134100, 135000,
			138000, 138018, 139000, 139004, 139100, 139102, 147001, 147005, 200005, 200007,
			2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2593107, 2593108, 2593109, 999999,
		},
	} {
		for _, code := range codes {
			rule := whatsapp.RuleFor(code)
			if rule.Action != action || rule.Reason == "" || rule.Tries < 1 {
				t.Errorf("%d: %+v, want %s", code, rule, action)
			}
			failure := (&whatsapp.APIError{HTTPStatus: 400, Code: code}).Failure()
			if failure.Message == "" || failure.MessageEN == "" || failure.Message == failure.MessageEN || failure.CanRetry != rule.HelpsToSendAgain() {
				t.Errorf("%d: people are told %+v", code, failure)
			}
		}
	}
	for code, want := range map[int]bool{368: true, 80007: true, 131042: true, 131031: false, 130429: false, 190: false} {
		if got := (&whatsapp.APIError{Code: code}).ConcernsAccount(); got != want {
			t.Errorf("%d concerns the account: %v", code, got)
		}
	}
}
