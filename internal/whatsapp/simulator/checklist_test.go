package simulator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// checklist names every point of the simulator's specification (the reference's section 12) and the tests that prove
// it. "-" and a reason stands for what is left out on purpose.
var checklist = map[string]string{
	"12.1 one seed, repeatable":              "TestFaultsRepeatWithTheirSeed",
	"12.1 strict by default":                 "TestBadSendsAreRefused TestShapesThatAreRefused TestEveryLimitHoldsAtItAndBreaksOnePast",
	"12.1 two planes":                        "TestControlPlaysAWholeChat TestControlRefusals",
	"12.1 asynchronous truth":                "TestGuestsWhoCannotGetIt TestMediaOfTheWrongKindFailsLater",
	"12.1 versions 16 to 26":                 "TestUnknownCallsAreRefusedAndRemembered TestConversationBlockOfOldFieldVersions",
	"12.1 own TLS":                           "- plain HTTP on loopback; a proxy in front adds TLS",
	"12.2 messages":                          "TestEveryTypeIsAccepted TestRemainingInteractiveTypesAreAccepted TestReadMarkAndTyping",
	"12.2 marketing_messages":                "TestTemplateSendsMustFit",
	"12.2 media":                             "TestMediaLife TestBadUploads TestDownloadRangesHashesAndUserAgent",
	"12.2 uploads":                           "TestUploadsAreResumed",
	"12.2 templates":                         "TestTemplateLifeFromCreationToDeletion TestTemplateFormsThatAreRefused TestTemplateListFiltersPagesAndForgedCursors",
	"12.2 numbers":                           "TestNumberFields TestRegistration TestProfileSettingsAndBlockList TestHistoryComesInPhasesAndChunks",
	"12.2 contact_book":                      "TestUsernameHidesTheNumber",
	"12.2 WABA, subscriptions and overrides": "TestNothingIsDeliveredWithoutSubscription TestHandshake",
	"12.2 app":                               "TestAppSubscriptionsDoTheHandshake TestDebugToken TestTokensExpireAndAreExchanged",
	"12.2 flows (stub)":                      "TestFlowsAreListed",
	"12.2 groups and calls":                  "TestShapesThatAreRefused TestEveryAccountEventIsSent",
	"12.2 batch":                             "TestUnknownCallsAreRefusedAndRemembered",
	"12.2 authentication":                    "TestTokenErrors TestTokensExpireAndAreExchanged",
	"12.2 response headers":                  "TestManagementCallsAreLimitedAndShown TestSendAnswersAsMetaDoes",
	"12.2 escaping of JSON":                  "TestASCIIJSON TestWebhookIsSignedOverTheEscapedBytes",
	"12.3 business portfolio and WABA":       "TestStateOfNumberAndBusinessDecides TestMessagingLimitCountsUniqueGuests",
	"12.3 number":                            "TestChangesOfANumberAreTold TestThroughputLevels",
	"12.3 user":                              "TestUsernameHidesTheNumber TestGuestsWhoCannotGetIt TestReceiptsFollowThePhone",
	"12.3 Brazilian wa_id":                   "TestNinthDigit TestStrictNinthDigitFailsTheOtherForm",
	"12.3 several secrets of one app":        "- a new AppSecret by PATCH of the account is the rotation",
	"12.4 window":                            "TestWindow TestWindowOfAnEarlierRun",
	"12.4 throughput":                        "TestThroughputLevels TestPairAndThroughputLimits",
	"12.4 pair":                              "TestLimitsAlone TestPairAndThroughputLimits",
	"12.4 messaging limit":                   "TestMessagingLimitCountsUniqueGuests",
	"12.4 management":                        "TestManagementCallsAreLimitedAndShown",
	"12.4 templates":                         "TestTemplateQualityPausesAndDisables TestReviewRejectsWhenTold TestPacingHoldsTheFirstMessages",
	"12.4 delivery":                          "TestStatusesComeInOrderAndEchoTheCallbackData TestVoiceNoteIsPlayed TestOpenChatIsReadWithoutDelivery TestMessagesExpireSilently",
	"12.4 status body":                       "TestStatusEnvelopes TestPriceFollowsTheRulesOf2026 TestPriceStandsOnOneStatus TestFreeEntryPoint",
	"12.4 identity":                          "TestMovedGuestKeepsTheChat TestUsernameHidesTheNumber TestEveryOtherInboundTypeByTheControlAPI",
	"12.4 media fetch":                       "TestLinksAreFetchedFromThisMachineOnly",
	"12.4 marketing":                         "TestGuestsWhoCannotGetIt TestMarketingToTheUnitedStatesAndWithoutPayment",
	"12.4 test number":                       "TestRecipients",
	"12.5 validation answers":                "TestBadSendsAreRefused TestTemplatesOfAnAccount TestTemplateSendsMustFit",
	"12.5 by switch":                         "TestBadSendsAreRefused",
	"12.6 same bytes on every retry":         "TestWebhookIsRepeatedUntil200",
	"12.6 schedule on the virtual clock":     "TestWebhookScheduleFollowsTheClock",
	"12.6 headers and signature":             "TestWebhookIsSignedOverTheEscapedBytes TestKnobSignature",
	"12.6 concurrent, unordered":             "TestUnorderedWebhooksOvertakeAStuckOne",
	"12.6 batching":                          "TestKnobBatchJoinsItems TestBatchWindowSendsAnIncompleteBatch",
	"12.6 fields":                            "TestFieldsThatNobodySubscribedAreNotSent",
	"12.6 development mode":                  "- SendEvent and DeliverRaw are the test events",
	"12.7 scope, probability, times, clock":  "TestFaultScope TestProbabilityIsKept TestFaultsBeginAndEndOnTheClock",
	"12.7 L1":                                "TestLatencyDistributions TestLatencyDelaysTheAnswer",
	"12.7 T1":                                "TestHeldAnswerEndsWithTheSimulator",
	"12.7 T2":                                "TestFaultsAfterAcceptance",
	"12.7 T3":                                "TestFaultsBeforeAcceptance TestFaultsOnOtherCallsAndBadAnswers",
	"12.7 T4":                                "TestFaultsAfterAcceptance",
	"12.7 H1":                                "TestFaultsBeforeAcceptance TestFaultsAfterAcceptance",
	"12.7 H2":                                "TestEveryKnownCodeAnswersWithItsStatus",
	"12.7 H3":                                "TestFaultsAfterAcceptance TestFaultsOnOtherCallsAndBadAnswers",
	"12.7 R1":                                "TestFaultsBeginAndEndOnTheClock",
	"12.7 R2":                                "TestFaultScope",
	"12.7 R3, R4":                            "TestEveryKnownCodeAnswersWithItsStatus",
	"12.7 A1":                                "TestEveryKnownCodeAnswersWithItsStatus TestTokenErrors",
	"12.7 A2":                                "TestControlAccounts",
	"12.7 B1":                                "TestStateOfNumberAndBusinessDecides TestMarketingToTheUnitedStatesAndWithoutPayment",
	"12.7 E1":                                "TestFaultFailsLater TestFaultRefusesTheNextSends",
	"12.7 E2, E3":                            "TestFaultsOnOtherCallsAndBadAnswers",
	"12.7 P1":                                "TestPacingHoldsTheFirstMessages",
	"12.7 W1, W3":                            "TestWebhooksDuplicatedLateAndLost",
	"12.7 W2":                                "TestStatusesThatContradictOrAreMissing TestKnobDropsDuplicatesAndReverses",
	"12.7 W4":                                "TestStatusFirstReachesTheReceiverBeforeTheAnswer TestStatusesThatContradictOrAreMissing",
	"12.7 W5":                                "TestStatusesThatContradictOrAreMissing",
	"12.7 W6, W7":                            "TestWebhooksSpoiltOnTheFirstAttempt",
	"12.7 W8":                                "TestKnobBatchJoinsItems TestWebhooksSpoiltOnTheFirstAttempt",
	"12.7 W10":                               "TestStatusesThatContradictOrAreMissing",
	"12.7 W11":                               "TestWebhookReplayedToAnotherAccount",
	"12.7 M1":                                "TestDownloadsGoWrongOnRequest",
	"12.7 V1":                                "TestHandshake TestAppSubscriptionsDoTheHandshake",
	"12.7 C1":                                "TestTemplateListFiltersPagesAndForgedCursors",
	"12.8 reset, clock":                      "TestResetForgetsButKeepsAccounts TestClockCanBeSetAndHurried",
	"12.8 users":                             "TestControlPlaysAWholeChat TestEveryOtherInboundTypeByTheControlAPI TestEditsAndRevocations",
	"12.8 press refuses what was not sent":   "TestGuestCannotDoTheImpossible",
	"12.8 templates decide":                  "TestTemplateQualityPausesAndDisables",
	"12.8 numbers":                           "TestChangesOfANumberAreTold TestHistoryComesInPhasesAndChunks",
	"12.8 faults":                            "TestControlKnobsFaultsAndCounters TestBadDayAndCatalogueByTheControlAPI",
	"12.8 raw webhooks":                      "TestDeliverRawPostsAnyBytes",
	"12.8 assert":                            "TestAssertionsTellWhatTheClientBroke",
	"12.7 D1":                                "- state is in memory; a restart is a new simulator with the same seed, and the product's restarts are in internal/faulttest",
	"12.10.5 documented defaults":            "TestGuideNamesEverything",
	"12.8 phone page":                        "TestPhonePageIsServed TestPageScriptsParse TestPhonePageInABrowser",
	"12.9 load, its mix and its measures":    "TestLoadMeasuresAReceiverOnThisMachine",
	"12.9 receiver held against its targets": "TestGoodReceiverPassesEveryCheck TestMistakesOfAReceiverAreFound TestDoubledAnswersAreFound TestSlowReceiversAreFound",
	"12.7 W9":                                "TestLoadMeasuresAReceiverOnThisMachine",
	"12.9 bounded memory":                    "TestMemoryIsBounded",
	"12.10.2 key sets":                       "TestInboundEnvelopes TestReplyEnvelopes TestStatusEnvelopes TestEveryOtherInboundTypeByTheControlAPI",
	"12.10.1, 12.10.3 public SDKs against it": "- the registries offer no Python; the product's own client and the reference's examples are sent against it in internal/whatsapp",
	"12.10.5 switches of what is unconfirmed": "TestThroughputLevels TestTokensExpireAndAreExchanged TestDownloadRangesHashesAndUserAgent TestEditsAndRevocations",
	"2 inbound kinds":                         "TestInboundEnvelopes TestReplyEnvelopes TestEveryOtherInboundTypeByTheControlAPI TestEditsAndRevocations",
	"4 account events":                        "TestEveryAccountEventIsSent TestChangesOfANumberAreTold TestTemplateQualityPausesAndDisables",
}

func TestEveryPointOfTheSpecificationIsProven(t *testing.T) {
	t.Parallel()
	tests := testNames(t)
	for point, proof := range checklist {
		if strings.HasPrefix(proof, "- ") {
			continue
		}
		for _, name := range strings.Fields(proof) {
			if !tests[name] {
				t.Errorf("%s: there is no test %s", point, name)
			}
		}
	}
}

// testNames lists the tests of this package.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0) //nolint:staticcheck // one folder, no build tags
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, p := range packages {
		ast.Inspect(p, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") {
				names[f.Name.Name] = true
			}
			return true
		})
	}
	return names
}
