package web

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"uuid"
)

// Log writes one JSON object a line, with levels in lower case and times in UTC.
type Log struct {
	*slog.Logger
	out io.Writer
}

// NewLog makes a log that gives each line to out in one Write.
func NewLog(out io.Writer, level slog.Level) *Log {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
		switch value := attr.Value.Any().(type) {
		case slog.Level:
			attr.Value = slog.StringValue(strings.ToLower(attr.Value.String()))
		case time.Time:
			attr.Value = slog.TimeValue(value.UTC())
		}
		return attr
	}}
	return &Log{Logger: slog.New(slog.NewJSONHandler(out, options)), out: out}
}

// Listening tells the address past the level: whoever starts the service reads the port from this line.
func (l *Log) Listening(ctx context.Context, addr net.Addr) {
	record := slog.NewRecord(time.Now(), slog.LevelInfo, "listening", 0)
	record.AddAttrs(slog.String("addr", addr.String()))
	_ = l.Handler().Handle(ctx, record)
}

// request writes the line of a request. It is put together by hand, since slog would make the
// whole request a third dearer. The route is the pattern: a path may hold anything.
func (l *Log) request(x *exchange, r *http.Request) {
	if !l.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	now := time.Now()
	_, route, _ := strings.Cut(x.pattern, " ")
	line := append(make([]byte, 0, 320), `{"time":"`...)
	line = now.UTC().AppendFormat(line, time.RFC3339Nano)
	line = append(line, `","level":"info","msg":"request"`...)
	line = appendText(line, "request_id", x.id)
	if id := traceID(r.Header["Traceparent"]); id != "" {
		line = appendText(line, "trace_id", id)
	}
	line = appendText(line, "method", r.Method)
	line = appendText(line, "route", route)
	line = strconv.AppendInt(append(line, `,"status":`...), int64(x.status), 10)
	milliseconds := float64(now.Sub(x.start).Microseconds()) / 1000
	line = strconv.AppendFloat(append(line, `,"duration_ms":`...), milliseconds, 'f', -1, 64)
	_, _ = l.out.Write(append(line, "}\n"...))
}

func appendText(line []byte, name, text string) []byte {
	line = append(append(append(line, `,"`...), name...), `":`...)
	line, _ = jsontext.AppendQuote(line, text)
	return line
}

// Lines writes lines in a goroutine of its own, so that nobody waits for whoever reads them, and those of
// a few milliseconds together: a system call for each would cost as much as the request that it tells of.
type Lines struct {
	out io.Writer

	mu      sync.Mutex
	pending []byte
	dropped int
	written chan struct{}
}

const (
	// linesPause lies between two writes.
	linesPause = 5 * time.Millisecond
	// mostPending bounds the lines that a reader of them is behind with; more are dropped, and counted.
	mostPending = 1 << 20
	// flushTime bounds how long Flush waits for the reader.
	flushTime = 500 * time.Millisecond
)

// NewLines makes Lines that are written to out.
func NewLines(out io.Writer) *Lines {
	return &Lines{out: out}
}

// Write takes a line, or several, and never fails.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending)+len(line) > mostPending {
		l.dropped++
		return len(line), nil
	}
	l.pending = append(l.pending, line...)
	if l.written == nil {
		l.written = make(chan struct{})
		go l.write()
	}
	return len(line), nil
}

// Flush waits until all is written, or a moment for a reader that does not read.
func (l *Lines) Flush() {
	l.mu.Lock()
	written := l.written
	l.mu.Unlock()
	if written == nil {
		return
	}
	select {
	case <-written:
	case <-time.After(flushTime):
	}
}

// write goes on until nothing has come during a pause. It ignores errors: there is nowhere else to tell of them.
func (l *Lines) write() {
	var lines []byte
	for {
		lines = l.take(lines)
		if len(lines) == 0 {
			return
		}
		_, _ = l.out.Write(lines)
		time.Sleep(linesPause)
	}
}

// take returns what is pending, and leaves the memory of lines that are written in its place.
func (l *Lines) take(used []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.pending
	l.pending = used[:0]
	if l.dropped > 0 {
		lines = fmt.Appendf(lines, `{"time":%q,"level":"warn","msg":"log lines dropped","dropped":%d}`+"\n",
			time.Now().UTC().Format(time.RFC3339Nano), l.dropped)
		l.dropped = 0
	}
	if len(lines) == 0 {
		close(l.written)
		l.written = nil
	}
	return lines
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

// Unwrap is for http.ResponseController.
func (x *exchange) Unwrap() http.ResponseWriter {
	return x.ResponseWriter
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
	n, err := x.ResponseWriter.Write(body)
	if err != nil {
		x.status = statusGone
	}
	return n, err
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
