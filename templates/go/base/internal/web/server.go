package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// ServerOptions are the server's times.
type ServerOptions struct {
	HeaderTimeout   time.Duration
	RequestTimeout  time.Duration
	ShutdownDelay   time.Duration
	ShutdownTimeout time.Duration
}

const (
	// idleTimeout is longer than the minute of common load balancers, which would otherwise
	// send a request into a connection that is just being closed.
	idleTimeout = 75 * time.Second
	// maxHeaderBytes comes to 16 KiB with the 4 KiB that net/http adds.
	maxHeaderBytes = 12 << 10
)

// errCut is the error of a shutdown that did not wait for every request.
var errCut = errors.New("requests were cut by the shutdown")

// Serve answers until the context ends, and then sees to it that requests in flight finish.
func Serve(ctx context.Context, listener net.Listener, api *API, options ServerOptions) error {
	var silent silentConns
	server := &http.Server{
		Handler:           api,
		ReadHeaderTimeout: options.HeaderTimeout,
		// Counts from the first byte of the request, and not from the last read.
		ReadTimeout: options.RequestTimeout,
		// A handler may take all of its time, and its answer has as much to be read.
		WriteTimeout:                 2 * options.RequestTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		DisableGeneralOptionsHandler: true,
		ConnState:                    silent.track,
		ErrorLog:                     slog.NewLogLogger(api.log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(silent.close)

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	api.Drain()
	api.log.Info("shutting down")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), options.ShutdownTimeout)
	defer cancel()
	select {
	case <-time.After(options.ShutdownDelay):
	case <-ctx.Done():
	}
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(errCut, server.Close())
	}
	return nil
}

// silentConns are the connections without a first request. http.Server.Shutdown gives each
// five seconds to send one, which would hold up every stop behind a load balancer's pool.
type silentConns struct {
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

func (s *silentConns) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew {
		delete(s.conns, conn)
		return
	}
	if s.closed {
		conn.Close()
		return
	}
	if s.conns == nil {
		s.conns = map[net.Conn]struct{}{}
	}
	s.conns[conn] = struct{}{}
}

func (s *silentConns) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for conn := range s.conns {
		conn.Close()
	}
}
