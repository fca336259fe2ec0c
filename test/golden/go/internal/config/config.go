// Package config reads the settings of the service from the environment.
package config

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"example.com/billing/internal/database"
)

// Config holds every setting, checked.
type Config struct {
	Host            string
	Port            int
	DatabaseURL     string
	LogLevel        slog.Level
	MaxBodyBytes    int64
	RequestTimeout  time.Duration
	HeaderTimeout   time.Duration
	ShutdownDelay   time.Duration
	ShutdownTimeout time.Duration
}

// Load reports every wrong setting at once, by name and without its value, which may be a secret.
func Load(getenv func(string) string) (Config, error) {
	env := environment{getenv: getenv}
	cfg := Config{
		Host:            env.text("HOST", "127.0.0.1"),
		Port:            int(env.integer("PORT", 8080, 0, math.MaxUint16)),
		DatabaseURL:     env.text("DATABASE_URL", database.DefaultURL),
		LogLevel:        env.level("LOG_LEVEL", "info"),
		MaxBodyBytes:    int64(env.integer("MAX_BODY_BYTES", 1<<20, 1, 1_000_000_000)),
		RequestTimeout:  env.milliseconds("REQUEST_TIMEOUT_MS", 30_000, 1),
		HeaderTimeout:   env.milliseconds("HEADER_TIMEOUT_MS", 10_000, 1),
		ShutdownDelay:   env.milliseconds("SHUTDOWN_DELAY_MS", 0, 0),
		ShutdownTimeout: env.milliseconds("SHUTDOWN_TIMEOUT_MS", 8_000, 1),
	}
	cfg.HeaderTimeout = min(cfg.HeaderTimeout, cfg.RequestTimeout)
	if cfg.ShutdownDelay >= cfg.ShutdownTimeout {
		env.fault("SHUTDOWN_DELAY_MS", "must be less than SHUTDOWN_TIMEOUT_MS")
	}
	if err := database.CheckURL(cfg.DatabaseURL); err != nil {
		env.fault("DATABASE_URL", err.Error())
	}
	if len(env.faults) > 0 {
		return cfg, fmt.Errorf("configuration: %s", strings.Join(env.faults, "; "))
	}
	return cfg, nil
}

// environment collects the faults of the variables that were read from it.
type environment struct {
	getenv func(string) string
	faults []string
}

func (e *environment) fault(name, detail string) {
	e.faults = append(e.faults, name+" "+detail)
}

func (e *environment) text(name, fallback string) string {
	if value := e.getenv(name); value != "" {
		return value
	}
	return fallback
}

func (e *environment) integer(name string, fallback, least, most uint64) uint64 {
	value, err := strconv.ParseUint(e.text(name, strconv.FormatUint(fallback, 10)), 10, 64)
	if err != nil || value < least || value > most {
		e.fault(name, fmt.Sprintf("must be an integer from %d to %d", least, most))
		return fallback
	}
	return value
}

func (e *environment) milliseconds(name string, fallback, least uint64) time.Duration {
	const hour = 3_600_000
	return time.Duration(e.integer(name, fallback, least, hour)) * time.Millisecond
}

func (e *environment) level(name, fallback string) slog.Level {
	switch e.text(name, fallback) {
	case "debug":
		return slog.LevelDebug
	case "info":
		return slog.LevelInfo
	case "warn":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	}
	e.fault(name, "must be one of debug, info, warn, error")
	return slog.LevelInfo
}
