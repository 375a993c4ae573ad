package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/reports"
	"github.com/botreserva/botreserva/internal/sheet"
)

// ReportQuery is what every report is asked with. The days are those of the hotel's
// calendar.
type ReportQuery struct {
	Period    string `query:"period" enum:"7d,30d,90d,1y" default:"30d" doc:"A stretch that ends now"`
	StartDate string `query:"startDate" maxLength:"40" doc:"A date or time; instead of period" example:"2026-01-01"`
	EndDate   string `query:"endDate" maxLength:"40" doc:"A date, which counts whole, or a time" example:"2026-01-31"`
	HotelUnit string `query:"hotelUnit" maxLength:"100" doc:"One unit only"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

func (q ReportQuery) asked() ReportQuery { return q }

// pagedReportQuery is that of a report which is a list too.
type pagedReportQuery struct {
	ReportQuery
	Page  int `query:"page" minimum:"1" maximum:"10000" default:"1"`
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"20"`
}

// tabular is an answer that can be written as a table.
type tabular interface{ table() sheet.Table }

// reportFile is an answer in the form that was asked for: JSON, or a file.
type reportFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        any
}

// toReport makes a handler of the table out of a report: it gets what the caller may
// look at, and its answer is written as JSON or CSV.
func toReport[I interface{ asked() ReportQuery }, O tabular](name string, make func(s *server, ctx context.Context, c caller, f figures.Frame, in I) (O, error)) func(*server, huma.API, huma.Operation) {
	handle := func(s *server, ctx context.Context, c caller, in *I) (*reportFile, error) {
		q := (*in).asked()
		f, err := s.deps.Reports.Frame(ctx, c.tenant, c.User, reports.Question{
			Period: figures.Period(q.Period), Start: q.StartDate, End: q.EndDate, Unit: q.HotelUnit,
		})
		if err != nil {
			return nil, err
		}
		out, err := make(s, ctx, c, f, *in)
		if err != nil {
			return nil, err
		}
		if q.Format == "csv" {
			return csvOf(name, f, out)
		}
		return &reportFile{Body: out}, nil
	}
	return func(s *server, api huma.API, op huma.Operation) {
		schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[O](), true, "")
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{
			"application/json": {Schema: schema},
			"text/csv":         {Schema: &huma.Schema{Type: huma.TypeString, Description: "With format=csv"}},
		}}}
		to(handle)(s, api, op)
	}
}

func csvOf(name string, f figures.Frame, t tabular) (*reportFile, error) {
	var out bytes.Buffer
	if err := sheet.WriteCSV(&out, t.table()); err != nil {
		return nil, err
	}
	file := fmt.Sprintf("%s-%s.csv", name, f.To.Add(-time.Nanosecond).In(f.Zone).Format(time.DateOnly))
	return &reportFile{ContentType: sheet.ContentType, Disposition: `attachment; filename="` + file + `"`, Body: out.Bytes()}, nil
}

func reportOverview(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (overviewReport, error) {
	o, err := s.deps.Reports.Overview(ctx, c.tenant, f)
	return overviewOf(o), err
}

func reportAttendants(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (attendantsReport, error) {
	people, err := s.deps.Reports.Attendants(ctx, c.tenant, f)
	return attendantsOf(f, people), err
}

func reportHourly(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (hourlyReport, error) {
	hours, err := s.deps.Reports.Hours(ctx, c.tenant, f)
	return hourlyOf(f, hours), err
}

func reportOutsideHours(s *server, ctx context.Context, c caller, f figures.Frame, in pagedReportQuery) (outsideReport, error) {
	cards, total, err := s.deps.Reports.OutsideHours(ctx, c.tenant, f, in.Limit, (in.Page-1)*in.Limit)
	return outsideOf(f, cards, paginate(in.Page, in.Limit, total)), err
}

func reportUnits(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (unitsReport, error) {
	units, err := s.deps.Reports.Units(ctx, c.tenant, f)
	return unitsOf(f, units), err
}

func reportTimeline(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (timelineReport, error) {
	days, err := s.deps.Reports.Timeline(ctx, c.tenant, f)
	return timelineOf(f, days), err
}

func reportBot(s *server, ctx context.Context, c caller, f figures.Frame, _ ReportQuery) (botReport, error) {
	outcomes, reasons, err := s.deps.Reports.Bot(ctx, c.tenant, f)
	return botOf(f, outcomes, reasons), err
}
