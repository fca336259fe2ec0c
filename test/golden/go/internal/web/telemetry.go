package web

import (
	"context"
	"encoding/json/v2"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"uuid"
)

// Log writes one JSON object a line, with levels in lower case and times in UTC.
type Log struct {
	*slog.Logger
	lines *lines
}

// NewLog writes to out; what is pending in the end is for Flush.
func NewLog(out io.Writer, level slog.Level) *Log {
	buffered := &lines{out: out}
	return &Log{lines: buffered, Logger: slog.New(slog.NewJSONHandler(buffered, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
			switch attr.Key {
			case slog.LevelKey:
				attr.Value = slog.StringValue(strings.ToLower(attr.Value.String()))
			case slog.TimeKey:
				attr.Value = slog.TimeValue(attr.Value.Time().UTC())
			}
			return attr
		},
	}))}
}

// Flush writes what is pending.
func (l *Log) Flush() {
	l.lines.mu.Lock()
	defer l.lines.mu.Unlock()
	l.lines.write()
}

// Listening tells the address past the level: whoever starts the service reads the port from this line.
func (l *Log) Listening(ctx context.Context, addr net.Addr) error {
	record := slog.NewRecord(time.Now(), slog.LevelInfo, "listening", 0)
	record.AddAttrs(slog.String("addr", addr.String()))
	return l.Handler().Handle(ctx, record)
}

// requestLine is the line of a request. Marshalled as a whole it costs a third of what it costs through slog.
type requestLine struct {
	Time       time.Time `json:"time"`
	Level      string    `json:"level"`
	Msg        string    `json:"msg"`
	RequestID  string    `json:"request_id"`
	TraceID    string    `json:"trace_id,omitempty"`
	Method     string    `json:"method"`
	Route      string    `json:"route"`
	Status     int       `json:"status"`
	DurationMS float64   `json:"duration_ms"`
}

// request names the route by its pattern: a path may hold anything, and is different each time.
func (l *Log) request(x *exchange, r *http.Request) {
	if !l.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	now := time.Now()
	_, route, _ := strings.Cut(x.pattern, " ")
	line, err := json.Marshal(&requestLine{
		Time:       now.UTC(),
		Level:      "info",
		Msg:        "request",
		RequestID:  x.id,
		TraceID:    traceID(r.Header["Traceparent"]),
		Method:     r.Method,
		Route:      route,
		Status:     x.status,
		DurationMS: float64(now.Sub(x.start).Microseconds()) / 1000,
	})
	if err != nil {
		l.Error("request line", "error", err)
		return
	}
	_, _ = l.lines.Write(append(line, '\n'))
}

// lines writes the first line after a pause at once, and others together with those of the next few
// milliseconds: a system call for each would cost as much as answering the request that it tells of.
type lines struct {
	out     io.Writer
	mu      sync.Mutex
	pending []byte
	pausing bool
}

const (
	linesPause  = 5 * time.Millisecond
	mostPending = 64 << 10
)

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, line...)
	if !l.pausing || len(l.pending) > mostPending {
		l.write()
	}
	if !l.pausing {
		l.pausing = true
		time.AfterFunc(linesPause, l.resume)
	}
	return len(line), nil
}

func (l *lines) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pausing = len(l.pending) > 0
	if l.pausing {
		l.write()
		time.AfterFunc(linesPause, l.resume)
	}
}

// write ignores errors: there is nowhere else to tell of them.
func (l *lines) write() {
	if len(l.pending) == 0 {
		return
	}
	_, _ = l.out.Write(l.pending)
	l.pending = l.pending[:0]
}

// exchange is one request and its answer as the log will tell of them.
type exchange struct {
	http.ResponseWriter
	draining *atomic.Bool
	start    time.Time
	id       string
	routed   bool
	pattern  string
	status   int
	err      error
}

func (a *API) begin(w http.ResponseWriter, r *http.Request) *exchange {
	id := r.Header.Get("X-Request-Id")
	if !validRequestID(id) {
		id = uuid.NewV4().String()
	}
	w.Header().Set("X-Request-Id", id)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	return &exchange{ResponseWriter: w, draining: &a.draining, start: time.Now(), id: id}
}

// WriteHeader notes the status. Only now is it known whether the service is stopping.
// Nothing is sent before a route is met: that would be ServeMux answering in plain text.
func (x *exchange) WriteHeader(status int) {
	if !x.routed {
		return
	}
	if x.status == 0 {
		x.status = status
		if x.draining.Load() {
			x.Header().Set("Connection", "close")
		}
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(body []byte) (int, error) {
	if !x.routed {
		return len(body), nil
	}
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	return x.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter {
	return x.ResponseWriter
}

// validRequestID takes 1 to 128 visible ASCII characters.
func validRequestID(id string) bool {
	return id != "" && len(id) <= 128 && strings.IndexFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) < 0
}

const zeroTrace = "00000000000000000000000000000000"

// traceparent is the header of W3C Trace Context; versions to come may append to it.
var traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$`)

// traceID is the trace that the caller is in, or "".
func traceID(headers []string) string {
	if len(headers) != 1 {
		return ""
	}
	match := traceparent.FindStringSubmatch(headers[0])
	if match == nil {
		return ""
	}
	version, trace, parent, more := match[1], match[2], match[3], match[4]
	if version == "ff" || version == "00" && more != "" || trace == zeroTrace || parent == zeroTrace[:16] {
		return ""
	}
	return trace
}
