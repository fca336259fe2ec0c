package main

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"example.com/depot-service/internal/database"
)

// config holds every setting of the environment, checked.
type config struct {
	host            string
	port            int
	databaseURL     string
	logLevel        slog.Level
	maxBodyBytes    int64
	requestTimeout  time.Duration
	headerTimeout   time.Duration
	shutdownDelay   time.Duration
	shutdownTimeout time.Duration
}

// loadConfig reports every wrong setting at once, by name and without its value, which may be a secret.
func loadConfig(getenv func(string) string) (config, error) {
	env := environment{getenv: getenv}
	cfg := config{
		host:            env.text("HOST", "127.0.0.1"),
		port:            int(env.integer("PORT", 8080, 0, math.MaxUint16)),
		databaseURL:     env.text("DATABASE_URL", database.DefaultURL),
		logLevel:        env.level("LOG_LEVEL", "info"),
		maxBodyBytes:    int64(env.integer("MAX_BODY_BYTES", 1<<20, 1, 1_000_000_000)),
		requestTimeout:  env.milliseconds("REQUEST_TIMEOUT_MS", 30_000, 1),
		headerTimeout:   env.milliseconds("HEADER_TIMEOUT_MS", 10_000, 1),
		shutdownDelay:   env.milliseconds("SHUTDOWN_DELAY_MS", 0, 0),
		shutdownTimeout: env.milliseconds("SHUTDOWN_TIMEOUT_MS", 8_000, 1),
	}
	cfg.headerTimeout = min(cfg.headerTimeout, cfg.requestTimeout)
	if cfg.shutdownDelay >= cfg.shutdownTimeout {
		env.fault("SHUTDOWN_DELAY_MS", "must be less than SHUTDOWN_TIMEOUT_MS")
	}
	if err := database.CheckURL(cfg.databaseURL); err != nil {
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
