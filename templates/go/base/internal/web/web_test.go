package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"example.com/depot-service/internal/database"
	"example.com/depot-service/internal/input"
)

// mostWait is how long a test waits for the server.
const mostWait = time.Minute

// receive bounds a wait, so that a test which hangs fails by its name.
func receive[T any](t *testing.T, from <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-from:
	case <-time.After(mostWait):
		t.Fatal("nothing comes")
	}
	return value
}

func newTestAPI(log io.Writer) *API {
	return NewAPI(NewLog(log, slog.LevelInfo), Limits{BodyBytes: 10, Time: time.Minute})
}

func serve(api *API, r *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, r)
	return answer
}

func request(method, target, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// problemIn checks that an answer is a problem, and returns it.
func problemIn(t *testing.T, answer *httptest.ResponseRecorder, status int) Problem {
	t.Helper()
	var problem Problem
	if err := json.Unmarshal(answer.Body.Bytes(), &problem, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("%v in %s", err, answer.Body)
	}
	if answer.Code != status || problem.Status != status || problem.Title != http.StatusText(status) {
		t.Errorf("status %d, problem %+v, want %d", answer.Code, problem, status)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %s", got)
	}
	if id := answer.Header().Get("X-Request-Id"); id == "" || problem.RequestID != id {
		t.Errorf("request id %q in the header, %q in the body", id, problem.RequestID)
	}
	return problem
}

func TestEveryErrorIsAProblem(t *testing.T) {
	failures := map[string]error{
		"/known":    NewProblem(http.StatusBadRequest, "not so"),
		"/absent":   database.ErrNotFound,
		"/invalid":  input.Faults{{Pointer: "/name", Detail: "is required"}},
		"/slow":     context.DeadlineExceeded,
		"/internal": errors.New("SELECT secret FROM /var/db"),
	}
	var log bytes.Buffer
	api := newTestAPI(&log)
	for path, err := range failures {
		api.Handle("GET "+path, func(http.ResponseWriter, *http.Request) error { return err })
	}
	api.Handle("GET /abort", func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) })
	api.Handle("GET /panic", func(http.ResponseWriter, *http.Request) error { panic("SELECT secret") })

	for path, status := range map[string]int{
		"/known": 400, "/absent": 404, "/invalid": 422, "/slow": 503, "/internal": 500, "/panic": 500,
		"/nowhere": 404, "/a/../known": 404, "//known": 404, "/known/": 404,
	} {
		problem := problemIn(t, serve(api, request("GET", path, "")), status)
		if strings.Contains(problem.Detail, "SELECT") {
			t.Errorf("%s tells %q", path, problem.Detail)
		}
	}
	if !strings.Contains(log.String(), "SELECT secret") {
		t.Error("the log does not tell what the client must not know")
	}
	defer func() {
		if fault := recover(); fault != http.ErrAbortHandler {
			t.Errorf("an abort is %v", fault)
		}
	}()
	serve(api, request("GET", "/abort", ""))
}

func TestClientThatGoesAwayIsNoFailure(t *testing.T) {
	for failure, told := range map[error]bool{context.Canceled: false, errGone: false, errors.New("ours"): true} {
		var log bytes.Buffer
		api := newTestAPI(&log)
		ctx, leave := context.WithCancel(t.Context())
		api.Handle("GET /", func(http.ResponseWriter, *http.Request) error {
			leave()
			return fmt.Errorf("query: %w", failure)
		})
		answer := httptest.NewRecorder()
		func() {
			defer func() {
				if fault := recover(); fault != http.ErrAbortHandler || answer.Body.Len() > 0 {
					t.Errorf("%v, answered %s", fault, answer.Body)
				}
			}()
			api.ServeHTTP(answer, request("GET", "/", "").WithContext(ctx))
		}()
		if !strings.Contains(log.String(), `"status":499`) || strings.Contains(log.String(), `"level":"error"`) != told {
			t.Errorf("%v is logged as %s", failure, &log)
		}
	}
}

func TestAPanicIsLoggedThoughTheClientIsGone(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	ctx, leave := context.WithCancel(t.Context())
	api.Handle("GET /", func(http.ResponseWriter, *http.Request) error {
		leave()
		panic(context.Canceled)
	})
	defer func() {
		if fault := recover(); fault != http.ErrAbortHandler || !strings.Contains(log.String(), "panic: context canceled") {
			t.Errorf("%v, log: %s", fault, &log)
		}
	}()
	serve(api, request("GET", "/", "").WithContext(ctx))
}

func TestUnavailableAsksToTryAgain(t *testing.T) {
	api := newTestAPI(io.Discard)
	api.Handle("GET /slow", func(http.ResponseWriter, *http.Request) error { return context.DeadlineExceeded })
	api.Handle("POST /unknown", func(http.ResponseWriter, *http.Request) error { return newOutcomeUnknown() })
	for route, again := range map[string]bool{"GET /slow": true, "POST /unknown": false} {
		method, path, _ := strings.Cut(route, " ")
		answer := serve(api, request(method, path, ""))
		problemIn(t, answer, http.StatusServiceUnavailable)
		if asked := answer.Header().Get("Retry-After") != ""; asked != again {
			t.Errorf("%s: Retry-After is there: %t", route, asked)
		}
	}
}

func TestMethodNotAllowed(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	api.Handle("GET /things/{id}", func(http.ResponseWriter, *http.Request) error { return nil })
	api.Handle("DELETE /things/{id}", func(http.ResponseWriter, *http.Request) error { return nil })
	for _, method := range []string{"PUT", "OPTIONS", "TRACE", "QUERY", "get"} {
		log.Reset()
		answer := serve(api, request(method, "/things/1", ""))
		problemIn(t, answer, http.StatusMethodNotAllowed)
		if got := answer.Header().Get("Allow"); got != "DELETE, GET, HEAD" {
			t.Errorf("Allow: %s", got)
		}
		if !strings.Contains(log.String(), `"route":"/things/{id}"`) {
			t.Errorf("log: %s", &log)
		}
	}
}

func TestHandlerOverItsTimeIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newTestAPI(io.Discard)
		api.Handle("GET /slow", func(_ http.ResponseWriter, r *http.Request) error {
			<-r.Context().Done()
			return r.Context().Err()
		})
		start := time.Now()
		problemIn(t, serve(api, request("GET", "/slow", "")), http.StatusServiceUnavailable)
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

func TestReadiness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := false
		api := newTestAPI(io.Discard)
		api.HandleHealth(func(ctx context.Context) error {
			if hangs {
				<-ctx.Done()
			}
			return ctx.Err()
		})
		ready := func(status int) {
			t.Helper()
			if answer := serve(api, request("GET", "/readyz", "")); answer.Code != status {
				t.Errorf("/readyz is %d, want %d", answer.Code, status)
			}
			if answer := serve(api, request("GET", "/livez", "")); answer.Code != http.StatusOK {
				t.Errorf("/livez is %d", answer.Code)
			}
		}
		ready(200)
		hangs = true
		start := time.Now()
		ready(503)
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v", took)
		}
		hangs = false
		ready(200)
		api.Drain()
		ready(503)
	})
}

func TestRequestLog(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	api.Handle("GET /things/{id}", func(w http.ResponseWriter, _ *http.Request) error {
		return WriteRaw(w, []byte("{}"))
	})
	r := request("GET", "/things/secret?token=secret", "",
		"X-Request-Id", "mine", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	if answer := serve(api, r); answer.Header().Get("X-Request-Id") != "mine" {
		t.Error("the request id is not echoed")
	}
	var line struct {
		Time       time.Time `json:"time"`
		Level      string    `json:"level"`
		Msg        string    `json:"msg"`
		RequestID  string    `json:"request_id"`
		TraceID    string    `json:"trace_id"`
		Method     string    `json:"method"`
		Route      string    `json:"route"`
		Status     int       `json:"status"`
		DurationMS float64   `json:"duration_ms"`
	}
	if err := json.Unmarshal(log.Bytes(), &line, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if line.Level != "info" || line.Msg != "request" || line.RequestID != "mine" || line.Method != "GET" ||
		line.TraceID != "4bf92f3577b34da6a3ce929d0e0e4736" || line.Route != "/things/{id}" || line.Status != 200 {
		t.Errorf("log: %s", &log)
	}
}

func TestAnAnswerWithoutABodyIsLoggedAsItIsSent(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	api.Handle("GET /", func(http.ResponseWriter, *http.Request) error { return nil })
	if answer := serve(api, request("GET", "/", "")); answer.Code != 200 || !strings.Contains(log.String(), `"status":200`) {
		t.Errorf("status %d, log: %s", answer.Code, &log)
	}
}

func TestLinesAreGatheredAndAllWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out countedWrites
		lines := NewLines(&out)
		api := NewAPI(NewLog(lines, slog.LevelInfo), Limits{Time: time.Minute})
		for range 1000 {
			serve(api, request("GET", "/nowhere", ""))
		}
		lines.Flush()
		if lines := strings.Count(out.String(), "\n"); lines != 1000 || out.writes > 10 {
			t.Errorf("%d lines in %d writes", lines, out.writes)
		}
		serve(api, request("GET", "/nowhere", ""))
		synctest.Wait()
		if lines := strings.Count(out.String(), "\n"); lines != 1001 {
			t.Errorf("%d lines", lines)
		}
		lines.Flush()
	})
}

func TestLinesThatNobodyReadsAreDroppedAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		lines := NewLines(out)
		line := append(bytes.Repeat([]byte("x"), mostPending/8-1), '\n')
		const written = 20
		for range written {
			_, _ = lines.Write(line)
			synctest.Wait()
		}
		start := time.Now()
		lines.Flush()
		if took := time.Since(start); took != flushTime {
			t.Errorf("flushed for %v", took)
		}
		kept, dropped := 0, 0
		for scanner := bufio.NewReader(in); kept+dropped < written; {
			text, err := scanner.ReadBytes('\n')
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(text, line) {
				kept++
				continue
			}
			var warning struct {
				Time    time.Time `json:"time"`
				Level   string    `json:"level"`
				Msg     string    `json:"msg"`
				Dropped int       `json:"dropped"`
			}
			if err := json.Unmarshal(text, &warning, json.RejectUnknownMembers(true)); err != nil || warning.Dropped == 0 {
				t.Fatalf("%v: %s", err, text)
			}
			dropped += warning.Dropped
		}
		if kept < 8 || dropped == 0 {
			t.Errorf("%d lines are kept, %d dropped", kept, dropped)
		}
		lines.Flush()
	})
}

func TestALogTakesAnyAttribute(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out, slog.LevelInfo).Info("x", "time", 1, "level", 2)
	if !strings.Contains(out.String(), `"time":1,"level":2`) {
		t.Errorf("log: %s", &out)
	}
}

func TestAHandlerReachesTheConnection(t *testing.T) {
	api := newTestAPI(io.Discard)
	api.Handle("GET /", func(w http.ResponseWriter, _ *http.Request) error {
		return http.NewResponseController(w).Flush()
	})
	if answer := serve(api, request("GET", "/", "")); !answer.Flushed {
		t.Error("the answer is not flushed")
	}
}

type countedWrites struct {
	bytes.Buffer
	writes int
}

func (c *countedWrites) Write(b []byte) (int, error) {
	c.writes++
	return c.Buffer.Write(b)
}

func TestRequestID(t *testing.T) {
	for id, valid := range map[string]bool{
		"a": true, "!~": true, strings.Repeat("x", 128): true,
		"": false, strings.Repeat("x", 129): false, "a b": false, "\x7f": false, "é": false,
	} {
		if validRequestID(id) != valid {
			t.Errorf("validRequestID(%q) is not %t", id, valid)
		}
	}
}

func TestTraceID(t *testing.T) {
	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for header, want := range map[string]string{
		"00-" + trace + "-" + parent + "-01":                  trace,
		"cc-" + trace + "-" + parent + "-01-more":             trace,
		"00-" + trace + "-" + parent + "-01-more":             "",
		"ff-" + trace + "-" + parent + "-01":                  "",
		"00-" + strings.ToUpper(trace) + "-" + parent + "-01": "",
		"00-" + zeroTrace + "-" + parent + "-01":              "",
		"00-" + trace + "-0000000000000000-01":                "",
		"":                                                    "",
	} {
		if got := traceID([]string{header}); got != want {
			t.Errorf("traceID(%q) = %q", header, got)
		}
	}
}

func TestReadJSON(t *testing.T) {
	api := newTestAPI(io.Discard)
	api.Handle("POST /", func(w http.ResponseWriter, r *http.Request) error {
		if _, err := ReadJSON(r, "application/json"); err != nil {
			return err
		}
		return WriteRaw(w, nil)
	})
	for body, status := range map[string]int{
		`{}`: 200, ` [1] `: 200, `{"a":1,"a":2}`: 413, `{"a":1`: 400, ``: 400, `{}{}`: 400, "\ufeff{}": 400, "\"\xff\"": 400,
		`"\ud800"`: 400, "[[[[[[[[[[": 400, "[[[[[[[[[[[": 413,
	} {
		if answer := serve(api, request("POST", "/", body, "Content-Type", "Application/JSON; charset=utf-8")); answer.Code != status {
			t.Errorf("%q: %d, want %d", body, answer.Code, status)
		}
	}
	for _, mediaType := range []string{"application/json;foo", "application/json ; charset=latin1; charset=x"} {
		if answer := serve(api, request("POST", "/", "{}", "Content-Type", mediaType)); answer.Code != http.StatusOK {
			t.Errorf("%q: %d", mediaType, answer.Code)
		}
	}
	for _, mediaType := range []string{"", "text/plain", "application/jsonx", "application/merge-patch+json"} {
		if answer := serve(api, request("POST", "/", "", "Content-Type", mediaType)); answer.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%q: %d", mediaType, answer.Code)
		}
	}
	for coding, status := range map[string]int{"identity": 200, "Identity": 200, "gzip": 415, "gzip, identity": 415} {
		answer := serve(api, request("POST", "/", "{}", "Content-Type", "application/json", "Content-Encoding", coding))
		if answer.Code != status {
			t.Errorf("%q: %d, want %d", coding, answer.Code, status)
		}
	}
	unread := request("POST", "/", "", "Content-Type", "application/json")
	unread.Body = io.NopCloser(brokenReader{errors.New("read")})
	unread.ContentLength = 11
	if answer := serve(api, unread); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a length over the limit: %d", answer.Code)
	}
	slow := request("POST", "/", "", "Content-Type", "application/json")
	slow.Body = io.NopCloser(brokenReader{os.ErrDeadlineExceeded})
	if answer := serve(api, slow); answer.Code != http.StatusRequestTimeout || answer.Header().Get("Connection") != "close" {
		t.Errorf("slow: %d", answer.Code)
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestMatches(t *testing.T) {
	for header, want := range map[string][2]bool{
		`"1"`:        {true, true},
		` "0" , "1"`: {true, true},
		`,"1",`:      {true, true},
		`*`:          {true, true},
		`W/"1"`:      {false, true},
		`"2", W/"1"`: {false, true},
		`"2"`:        {false, false},
		`""`:         {false, false},
		`1`:          {false, false},
		`"1`:         {false, false},
		`"1" x`:      {false, false},
		`"1" "1"`:    {false, false},
		`*, "1"`:     {false, false},
		`w/"1"`:      {false, false},
		"":           {false, false},
	} {
		change := CheckMatch(request("PATCH", "/", "", "If-Match", header), `"1"`) == nil
		cached := NotModified(httptest.NewRecorder(), request("GET", "/", "", "If-None-Match", header), `"1"`)
		if got := [2]bool{change, cached}; got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	if problemOf(RequireMatch(request("PATCH", "/", ""), `"1"`)).Status != http.StatusPreconditionRequired {
		t.Error("If-Match is not required")
	}
}

func TestReadPage(t *testing.T) {
	for query, valid := range map[string]bool{
		"": true, "limit=1": true, "limit=100": true, "other=%zz&limit=5": true, "a;b": true,
		"cursor=AZAaGyw9fl-Ka3yNng8aKw": true,
		"limit=0":                       false, "limit=101": false, "limit=": false, "limit": false, "limit=1&limit=1": false, "limit=%zz": false,
		"limit=01": false, "limit=+5": false, "limit=1.0": false,
		"cursor=": false, "cursor=AZAaGyw9fl-Ka3yNng8aKx": false, "cursor=AZAaGyw9fl-Ka3yNng8aKw%3D%3D": false,
	} {
		if _, err := ReadPage(request("GET", "/?"+query, "")); (err == nil) != valid {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// startServer serves slow requests, which tell when they have begun, and end when they are released.
func startServer(t *testing.T, options ServerOptions) (addr string, entered <-chan struct{}, release func(), stop func() error) {
	t.Helper()
	held, begun := make(chan struct{}), make(chan struct{})
	api := newTestAPI(io.Discard)
	api.Handle("GET /slow", func(w http.ResponseWriter, _ *http.Request) error {
		begun <- struct{}{}
		<-held
		return WriteRaw(w, []byte("{}"))
	})
	addr, stop = listen(t, api, options)
	return addr, begun, func() { close(held) }, stop
}

func listen(t *testing.T, api *API, options ServerOptions) (addr string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String(), serveOn(t, listener, api, options)
}

func serveOn(t *testing.T, listener net.Listener, api *API, options ServerOptions) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, listener, api, options) }()
	return func() error {
		cancel()
		return receive(t, done)
	}
}

func dial(t *testing.T, addr, send string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(mostWait))
	if _, err := io.WriteString(conn, send); err != nil {
		t.Fatal(err)
	}
	return conn
}

// Over a connection, since net/http ends the context of the request when its body is late.
func TestBodyThatStopsIsToldAndLogged(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	api.Handle("POST /", func(_ http.ResponseWriter, r *http.Request) error {
		_, err := ReadJSON(r, "application/json")
		return err
	})
	addr, stop := listen(t, api, ServerOptions{
		HeaderTimeout: time.Minute, RequestTimeout: 2 * time.Second, ShutdownTimeout: time.Minute,
	})
	conn := dial(t, addr, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.Contains(answer, []byte(" 408 ")) || !bytes.Contains(answer, []byte("Connection: close")) {
		t.Errorf("%s, %v", answer, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), `"status":408`) {
		t.Errorf("log: %s", &log)
	}
}

func TestShutdownWaitsForRequestsOnly(t *testing.T) {
	addr, entered, release, stop := startServer(t, ServerOptions{
		HeaderTimeout: time.Minute, RequestTimeout: time.Minute, ShutdownTimeout: time.Minute,
	})
	dial(t, addr, "")
	dial(t, addr, "GET /slow HTTP/1.1\r\nHost: ")
	busy := dial(t, addr, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	receive(t, entered)

	time.AfterFunc(100*time.Millisecond, release)
	start := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	answer, err := io.ReadAll(busy)
	if err != nil || !bytes.Contains(answer, []byte("200 OK")) || !bytes.Contains(answer, []byte("Connection: close")) {
		t.Errorf("%s, %v", answer, err)
	}
}

// unread is a client that reads nothing of an answer which the buffers on the way cannot hold,
// and has sent half a request more. What it has not received in the end would be lost by a reset.
func unread(t *testing.T, log io.Writer, timeout time.Duration) (client net.Conn, body []byte, stop func() error) {
	t.Helper()
	body = bytes.Repeat([]byte("x"), 16<<20)
	writing := make(chan struct{}, 1)
	api := newTestAPI(log)
	api.Handle("GET /", func(w http.ResponseWriter, _ *http.Request) error {
		writing <- struct{}{}
		return WriteRaw(w, body)
	})
	addr, stop := listen(t, api, ServerOptions{
		HeaderTimeout: time.Minute, RequestTimeout: time.Minute, ShutdownTimeout: timeout,
	})
	client = dial(t, addr, "")
	if err := client.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	receive(t, writing)
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: "); err != nil {
		t.Fatal(err)
	}
	return client, body, stop
}

func TestShutdownWaitsUntilAnswersAreRead(t *testing.T) {
	client, body, stop := unread(t, io.Discard, time.Minute)
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	time.Sleep(100 * time.Millisecond)
	answer, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := io.ReadAll(answer.Body); err != nil || !bytes.Equal(read, body) {
		t.Errorf("%d bytes, %v", len(read), err)
	}
	client.Close()
	if err := receive(t, stopped); err != nil {
		t.Error(err)
	}
}

func TestShutdownCutsAnswersThatNobodyReads(t *testing.T) {
	var log bytes.Buffer
	_, _, stop := unread(t, &log, 100*time.Millisecond)
	if err := stop(); err != (cutError{requests: 1}) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(log.String(), `"status":499`) {
		t.Errorf("log: %s", &log)
	}
}

func TestShutdownCutsRequestsInTheEnd(t *testing.T) {
	addr, entered, release, stop := startServer(t, ServerOptions{
		HeaderTimeout: time.Minute, RequestTimeout: time.Minute, ShutdownTimeout: 100 * time.Millisecond,
	})
	defer release()
	dial(t, addr, "")
	for range 2 {
		dial(t, addr, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
		receive(t, entered)
	}
	if err := stop(); err != (cutError{requests: 2}) {
		t.Errorf("got %v", err)
	}
}

func TestACutBodyIsNoMistakeOfTheClient(t *testing.T) {
	var log bytes.Buffer
	api := newTestAPI(&log)
	entered := make(chan struct{})
	api.Handle("POST /", func(_ http.ResponseWriter, r *http.Request) error {
		close(entered)
		_, err := ReadJSON(r, "application/json")
		return err
	})
	addr, stop := listen(t, api, ServerOptions{
		HeaderTimeout: time.Minute, RequestTimeout: time.Minute, ShutdownTimeout: 100 * time.Millisecond,
	})
	dial(t, addr, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
	receive(t, entered)
	if err := stop(); err != (cutError{requests: 1}) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(log.String(), `"status":499`) {
		t.Errorf("log: %s", &log)
	}
}

// scarce has no descriptor left for the first connections.
type scarce struct {
	net.Listener
	failures int
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.failures > 0 {
		s.failures--
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return s.Listener.Accept()
}

func TestWithoutDescriptorsTheServerTriesAgain(t *testing.T) {
	var log bytes.Buffer
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := serveOn(t, &scarce{listener, 3}, newTestAPI(&log), ServerOptions{RequestTimeout: time.Minute, ShutdownTimeout: time.Minute})
	answer, err := (&http.Client{Timeout: mostWait}).Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if warnings := strings.Count(log.String(), `"level":"warn"`); warnings != 3 {
		t.Errorf("log: %s", &log)
	}
}
