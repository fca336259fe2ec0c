package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	service "example.com/depot-service"
	"example.com/depot-service/internal/database"
	"example.com/depot-service/internal/database/databasetest"
	"example.com/depot-service/internal/web"
)

type logLine struct {
	Level string `json:"level"`
	Msg   string `json:"msg"`
	Addr  string `json:"addr"`
	Error string `json:"error"`
}

// mostWait is how long a test waits for the service.
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

// start runs the service until the function that it returns is called, which returns run's error.
func start(t *testing.T, env map[string]string) (lines <-chan logLine, stop func() error) {
	t.Helper()
	out, stdout := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, func(name string) string { return env[name] }, stdout)
		stdout.Close()
	}()
	read := make(chan logLine, 100)
	go func() {
		defer close(read)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			var line logLine
			if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
				t.Errorf("log: %s", scanner.Bytes())
			}
			read <- line
		}
	}()
	return read, func() error {
		cancel()
		return receive(t, done)
	}
}

func TestRun(t *testing.T) {
	lines, stop := start(t, map[string]string{
		"PORT": "0", "LOG_LEVEL": "error", "DATABASE_URL": databasetest.NewURL(t),
	})
	listening := receive(t, lines)
	if listening.Msg != "listening" {
		t.Fatalf("the first line is %+v", listening)
	}
	client := http.Client{Timeout: mostWait}
	for _, path := range []string{"/livez", "/readyz", "/openapi.json"} {
		answer, err := client.Get("http://" + listening.Addr + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestAStartThatASignalEndsIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	env := map[string]string{"DATABASE_URL": databasetest.NewURL(t)}
	var log bytes.Buffer
	if err := run(ctx, func(name string) string { return env[name] }, &log); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), `"msg":"shutting down"`) || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("log: %s", &log)
	}
}

func TestAnAddressInUseIsNamedWithItsSettings(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	lines, stop := start(t, map[string]string{"PORT": port, "DATABASE_URL": databasetest.NewURL(t)})
	line := receive(t, lines)
	for _, part := range []string{"HOST", "PORT", taken.Addr().String()} {
		if !strings.Contains(line.Error, part) {
			t.Errorf("%s is not in %q", part, line.Error)
		}
	}
	if stop() == nil {
		t.Error("no error")
	}
}

func TestEveryWrongSettingIsReportedAtOnce(t *testing.T) {
	wrong := map[string]string{
		"PORT": "65536", "DATABASE_URL": "mysql://secret", "LOG_LEVEL": "loud", "MAX_BODY_BYTES": "0",
		"REQUEST_TIMEOUT_MS": "1s", "HEADER_TIMEOUT_MS": "-1", "SHUTDOWN_DELAY_MS": "x", "SHUTDOWN_TIMEOUT_MS": "1.5",
	}
	lines, stop := start(t, wrong)
	line := receive(t, lines)
	if line.Level != "error" || strings.Contains(line.Error, "secret") {
		t.Errorf("log: %+v", line)
	}
	for name := range wrong {
		if !strings.Contains(line.Error, name) {
			t.Errorf("%s is not in %q", name, line.Error)
		}
	}
	if more := receive(t, lines); more != (logLine{}) {
		t.Errorf("a second line: %+v", more)
	}
	if stop() == nil {
		t.Error("no error")
	}
}

func TestEveryRouteIsInTheDocument(t *testing.T) {
	db, err := database.Open(t.Context(), databasetest.NewURL(t), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	api, err := newAPI(t.Context(), web.NewLog(io.Discard, 0), web.Limits{BodyBytes: 1, Time: time.Second}, db)
	if err != nil {
		t.Fatal(err)
	}
	routes := api.Patterns()
	documented := documentedRoutes(t)
	slices.Sort(routes)
	slices.Sort(documented)
	if !slices.Equal(routes, documented) {
		t.Errorf("routes:\n%s\nin openapi.json:\n%s", strings.Join(routes, "\n"), strings.Join(documented, "\n"))
	}
}

func documentedRoutes(t *testing.T) (routes []string) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]jsontext.Value `json:"paths"`
	}
	if err := json.Unmarshal(service.OpenAPI, &document); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths {
		for member := range item {
			if member != "parameters" {
				routes = append(routes, strings.ToUpper(member)+" "+path)
			}
		}
	}
	return routes
}

// exampleFile lists every variable with its default, commented out.
const exampleFile = "../../.env.example"

func examples(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if name, commented := strings.CutPrefix(name, "#"); ok && commented && !strings.HasPrefix(name, " ") {
			values[name] = value
		}
	}
	return values
}

func TestExampleHasEveryVariableAndItsDefault(t *testing.T) {
	unread := examples(t)
	unset, _ := loadConfig(func(name string) string {
		if _, ok := unread[name]; !ok {
			t.Errorf("%s is not in %s, or is read twice", name, exampleFile)
		}
		delete(unread, name)
		return ""
	})
	for name := range unread {
		t.Errorf("%s of %s is not read", name, exampleFile)
	}
	if set, _ := loadConfig(func(name string) string { return examples(t)[name] }); set != unset {
		t.Errorf("%s says %+v, the defaults are %+v", exampleFile, set, unset)
	}
}

func TestBounds(t *testing.T) {
	for setting, valid := range map[string]bool{
		"PORT=0": true, "PORT=65535": true, "PORT=65536": false, "PORT=-1": false, "PORT=+1": false,
		"LOG_LEVEL=debug": true, "LOG_LEVEL=INFO": false,
		"MAX_BODY_BYTES=1": true, "MAX_BODY_BYTES=0": false,
		"REQUEST_TIMEOUT_MS=3600000": true, "REQUEST_TIMEOUT_MS=3600001": false, "REQUEST_TIMEOUT_MS=1s": false,
		"HEADER_TIMEOUT_MS=0":    false,
		"SHUTDOWN_DELAY_MS=7999": true, "SHUTDOWN_DELAY_MS=8000": false,
		"SHUTDOWN_TIMEOUT_MS=1": true, "SHUTDOWN_TIMEOUT_MS=0": false,
	} {
		name, value, _ := strings.Cut(setting, "=")
		_, err := loadConfig(func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		if fault := err != nil && strings.Contains(err.Error(), name+" must"); fault == valid {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestHeaderTimeoutIsAtMostTheRequestTimeout(t *testing.T) {
	cfg, _ := loadConfig(func(name string) string { return map[string]string{"REQUEST_TIMEOUT_MS": "500"}[name] })
	if cfg.headerTimeout != cfg.requestTimeout {
		t.Errorf("header %v, request %v", cfg.headerTimeout, cfg.requestTimeout)
	}
}
