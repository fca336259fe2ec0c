package config

import (
	"os"
	"strings"
	"testing"
)

// exampleFile lists every variable with its default.
const exampleFile = "../../.env.example"

func examples(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			values[name] = value
		}
	}
	return values
}

func TestExampleHasEveryVariableAndItsDefault(t *testing.T) {
	unread := examples(t)
	unset, _ := Load(func(name string) string {
		if _, ok := unread[name]; !ok {
			t.Errorf("%s is not in %s, or is read twice", name, exampleFile)
		}
		delete(unread, name)
		return ""
	})
	for name := range unread {
		t.Errorf("%s of %s is not read", name, exampleFile)
	}
	if set, _ := Load(func(name string) string { return examples(t)[name] }); set != unset {
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
		_, err := Load(func(asked string) string {
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
	cfg, _ := Load(func(name string) string { return map[string]string{"REQUEST_TIMEOUT_MS": "500"}[name] })
	if cfg.HeaderTimeout != cfg.RequestTimeout {
		t.Errorf("header %v, request %v", cfg.HeaderTimeout, cfg.RequestTimeout)
	}
}
