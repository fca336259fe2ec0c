package web

import (
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"uuid"
)

// NewLogger writes one JSON object a line, with levels in lower case and times in UTC.
func NewLogger(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{
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
	}))
}

// Lines writes lines of the log. The first after a pause goes out at once, others together with those
// of the next few milliseconds: a system call for each would cost as much as the request that it tells of.
type Lines struct {
	out     io.Writer
	mu      sync.Mutex
	pending []byte
	pausing bool
}

const (
	linesPause = 5 * time.Millisecond
	mostLines  = 64 << 10
)

// NewLines writes to out; what is pending in the end is for Flush.
func NewLines(out io.Writer) *Lines {
	return &Lines{out: out}
}

func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, line...)
	if !l.pausing {
		l.pausing = true
		time.AfterFunc(linesPause, l.resume)
		return len(line), l.write()
	}
	if len(l.pending) > mostLines {
		return len(line), l.write()
	}
	return len(line), nil
}

func (l *Lines) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pausing = len(l.pending) > 0
	if l.pausing {
		time.AfterFunc(linesPause, l.resume)
		_ = l.write()
	}
}

// Flush writes what is pending.
func (l *Lines) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.write()
}

func (l *Lines) write() error {
	_, err := l.out.Write(l.pending)
	l.pending = l.pending[:0]
	return err
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

// logRequest names the route by its pattern: a path may hold anything, and is different each time.
func (a *API) logRequest(x *exchange, r *http.Request) {
	if !a.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	_, route, _ := strings.Cut(x.pattern, " ")
	attrs := make([]slog.Attr, 0, 6)
	attrs = append(attrs, slog.String("request_id", x.id))
	if id := traceID(r.Header["Traceparent"]); id != "" {
		attrs = append(attrs, slog.String("trace_id", id))
	}
	attrs = append(attrs,
		slog.String("method", r.Method),
		slog.String("route", route),
		slog.Int("status", x.status),
		slog.Float64("duration_ms", float64(time.Since(x.start).Microseconds())/1000),
	)
	a.log.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
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
