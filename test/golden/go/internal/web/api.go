// Package web is what all routes share: dispatch, limits, problems, the log, and the server beneath.
package web

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"example.com/billing/internal/database"
	"example.com/billing/internal/input"
)

// Limits bound what one request may take.
type Limits struct {
	BodyBytes int64
	Time      time.Duration
}

// API is the one place that dispatches, answers errors and logs.
type API struct {
	mux      *http.ServeMux
	log      *Log
	limits   Limits
	patterns []string
	draining atomic.Bool
}

// NewAPI makes an API without routes.
func NewAPI(log *Log, limits Limits) *API {
	return &API{mux: http.NewServeMux(), log: log, limits: limits}
}

// Handler answers a request, or returns the error that the API answers with.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Handle adds a route; the pattern is one of http.ServeMux.
func (a *API) Handle(pattern string, handler Handler) {
	a.patterns = append(a.patterns, pattern)
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.routed, x.pattern = true, r.Pattern
		x.err = handler(x, r)
	})
}

// Patterns lists the routes, so that a test can hold the document against them.
func (a *API) Patterns() []string {
	return slices.Clone(a.patterns)
}

// Drain makes /readyz refuse and every answer close its connection.
func (a *API) Drain() {
	a.draining.Store(true)
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := a.begin(w, r)
	defer a.log.request(x, r)
	err := a.dispatch(x, r)
	switch {
	case err != nil:
		a.fail(x, r, err)
	case x.status == 0:
		x.WriteHeader(http.StatusOK)
	}
}

// dispatch calls the route's handler; a panic there is an error like others.
func (a *API) dispatch(x *exchange, r *http.Request) (err error) {
	defer func() {
		fault := recover()
		if fault == http.ErrAbortHandler {
			panic(fault)
		}
		if fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(r.Context(), a.limits.Time)
	defer cancel()
	r = r.WithContext(ctx)
	if r.ContentLength > a.limits.BodyBytes {
		r.Body = tooLong{r.Body}
	} else {
		r.Body = http.MaxBytesReader(x.ResponseWriter, r.Body, a.limits.BodyBytes)
	}
	a.mux.ServeHTTP(x, r)
	if !x.routed {
		return a.refuse(x, r)
	}
	return x.err
}

// refuse makes a problem of what ServeMux answered by itself, of which only the header got through:
// 404, 405, and redirects to the clean form of a path, which is another route.
func (a *API) refuse(x *exchange, r *http.Request) error {
	x.routed = true
	x.Header().Del("Location")
	allow := x.Header().Get("Allow")
	if allow == "" {
		return NewProblem(http.StatusNotFound, "there is no such route")
	}
	r.Method, _, _ = strings.Cut(allow, ",")
	_, x.pattern = a.mux.Handler(r)
	return NewProblem(http.StatusMethodNotAllowed, "the methods here are "+allow)
}

// fail answers with the problem of an error, unless the answer has begun, or nobody waits for it: then the
// connection is cut. The log tells what the client must not know. A problem that a handler made hides nothing,
// and is sent even when the context has ended: net/http ends it for a body that is late, too.
func (a *API) fail(x *exchange, r *http.Request, err error) {
	problem := problemOf(err)
	made := error(problem) == err
	gone := !made && (r.Context().Err() != nil || errors.Is(err, errGone))
	// Of a client that is gone, a statement or a wait that it broke off is no failure.
	brokenOff := gone && (problem.Status == http.StatusServiceUnavailable || errors.Is(err, errGone))
	if !made && !brokenOff && problem.Status >= http.StatusInternalServerError {
		a.log.ErrorContext(r.Context(), "request failed", "request_id", x.id, "error", err)
	}
	if gone && x.status == 0 {
		x.status = statusGone
	}
	if x.status != 0 {
		panic(http.ErrAbortHandler)
	}
	answer := *problem
	answer.RequestID = x.id
	answer.write(x)
}

// statusGone tells the log that the connection ended before the answer; it is never sent.
const statusGone = 499

// errGone is the error of a body whose client went away.
var errGone = errors.New("the client has gone")

// tooLong is a body whose declared length alone is over the limit.
type tooLong struct{ io.Closer }

func (tooLong) Read([]byte) (int, error) {
	return 0, new(http.MaxBytesError)
}

// Problem is the body of every answer of 400 or above (RFC 9457), and an error on the way there.
type Problem struct {
	Type      string       `json:"type"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail"`
	RequestID string       `json:"request_id"`
	Errors    input.Faults `json:"errors,omitempty"`
	// final keeps a 503 from asking the client to try again.
	final bool
}

// NewProblem makes a problem of the type about:blank, whose detail is for the client to read.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// newOutcomeUnknown makes the problem of a change that may have been made: to send it again could make it twice.
func newOutcomeUnknown() *Problem {
	problem := NewProblem(http.StatusServiceUnavailable, "It is not known whether the change was made.")
	problem.final = true
	return problem
}

func (p *Problem) Error() string {
	return p.Detail
}

// problemOf is the one table of errors and statuses. An error that it does not know is a fault
// of ours, and no business of the client's.
func problemOf(err error) *Problem {
	if problem, ok := errors.AsType[*Problem](err); ok {
		return problem
	}
	if faults, ok := errors.AsType[input.Faults](err); ok {
		problem := NewProblem(http.StatusUnprocessableEntity, faults.Error())
		problem.Errors = faults
		return problem
	}
	switch {
	case errors.Is(err, database.ErrNotFound):
		return NewProblem(http.StatusNotFound, "there is nothing with this id")
	case database.OutcomeUnknown(err):
		return newOutcomeUnknown()
	case database.Unavailable(err):
		return NewProblem(http.StatusServiceUnavailable, "the database does not answer")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return NewProblem(http.StatusServiceUnavailable, "the request took too long")
	}
	return NewProblem(http.StatusInternalServerError, "the service failed")
}

func (p *Problem) write(w http.ResponseWriter) {
	switch {
	case p.Status == http.StatusServiceUnavailable && !p.final:
		w.Header().Set("Retry-After", "1")
	case p.Status == http.StatusRequestTimeout:
		w.Header().Set("Connection", "close")
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	send(w, p.Status, "application/problem+json", body)
}

// WriteJSON answers with a value as JSON; nothing is sent when it cannot be written as such.
func WriteJSON(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	send(w, status, "application/json", body)
	return nil
}

// WriteRaw answers with JSON that is written already.
func WriteRaw(w http.ResponseWriter, body []byte) error {
	send(w, http.StatusOK, "application/json", body)
	return nil
}

// send ignores a failed write: then the connection has ended, and nobody but the log is left to tell.
func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// pingTime is how long the database may take before the service counts as not ready.
const pingTime = time.Second

type health struct {
	Status string `json:"status"`
}

// HandleHealth adds the probes: /livez asks whether the process runs, /readyz whether it can serve.
func (a *API) HandleHealth(ping func(context.Context) error) {
	a.Handle("GET /livez", func(w http.ResponseWriter, _ *http.Request) error {
		return WriteJSON(w, http.StatusOK, &health{Status: "ok"})
	})
	a.Handle("GET /readyz", func(w http.ResponseWriter, r *http.Request) error {
		if a.draining.Load() {
			return NewProblem(http.StatusServiceUnavailable, "the service is stopping")
		}
		ctx, cancel := context.WithTimeout(r.Context(), pingTime)
		defer cancel()
		if err := ping(ctx); err != nil {
			a.log.WarnContext(ctx, "database does not answer", "error", err)
			return NewProblem(http.StatusServiceUnavailable, "the database does not answer")
		}
		return WriteJSON(w, http.StatusOK, &health{Status: "ok"})
	})
}
