// Command depot-service serves the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	service "example.com/depot-service"
	"example.com/depot-service/internal/database"
	"example.com/depot-service/internal/web"
)

func main() {
	stdout := web.NewLines(os.Stdout)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		// Whoever asks twice does not want to wait. As process 1 of a container the default
		// action would not end the process, so it ends itself.
		if again, ok := (<-signals).(syscall.Signal); ok {
			stdout.Flush()
			os.Exit(128 + int(again))
		}
	}()
	err := run(ctx, os.Getenv, stdout)
	stdout.Flush()
	if err != nil {
		os.Exit(1)
	}
}

// run is main with its inputs passed in, so that tests can call it. It logs its own error.
func run(ctx context.Context, getenv func(string) string, stdout io.Writer) error {
	cfg, err := loadConfig(getenv)
	log := web.NewLog(stdout, cfg.logLevel)
	if err == nil {
		err = serve(ctx, cfg, log)
	}
	if err != nil {
		log.Error("failed", "error", err)
	}
	return err
}

func serve(ctx context.Context, cfg config, log *web.Log) (err error) {
	db, err := database.Open(ctx, cfg.databaseURL, cfg.requestTimeout)
	if err != nil {
		return unlessStopped(log, fmt.Errorf("open database: %w", err))
	}
	defer func() { err = errors.Join(unlessStopped(log, err), db.Close()) }()

	api, err := newAPI(ctx, log, web.Limits{BodyBytes: cfg.maxBodyBytes, Time: cfg.requestTimeout}, db)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(cfg.host, strconv.Itoa(cfg.port)))
	if err != nil {
		return fmt.Errorf("HOST and PORT: %w", err)
	}
	log.Listening(ctx, listener.Addr())
	return web.Serve(ctx, listener, api, web.ServerOptions{
		HeaderTimeout:   cfg.headerTimeout,
		RequestTimeout:  cfg.requestTimeout,
		ShutdownDelay:   cfg.shutdownDelay,
		ShutdownTimeout: cfg.shutdownTimeout,
	})
}

// unlessStopped drops the error of a start that a signal broke off.
func unlessStopped(log *web.Log, err error) error {
	if errors.Is(err, context.Canceled) {
		log.Info("shutting down")
		return nil
	}
	return err
}

// newAPI is the whole API on one screen.
func newAPI(ctx context.Context, log *web.Log, limits web.Limits, db *database.DB) (*web.API, error) {
	api := web.NewAPI(log, limits)
	api.HandleHealth(db.Ping)
	api.Handle("GET /openapi.json", document)
	for _, register := range resources() {
		if err := register(ctx, api, db); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	return api, nil
}

func document(w http.ResponseWriter, _ *http.Request) error {
	return web.WriteRaw(w, service.OpenAPI)
}
