package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
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
	// lingerTime bounds how long a closed connection is still read from.
	lingerTime = 500 * time.Millisecond
)

// cutError is the error of a shutdown that did not wait for every request.
type cutError struct{ requests int }

func (e cutError) Error() string {
	return fmt.Sprintf("requests cut by the shutdown: %d", e.requests)
}

// Serve answers until the context ends, and then sees to it that requests in flight finish.
func Serve(ctx context.Context, listener net.Listener, api *API, options ServerOptions) error {
	conns := &connections{Listener: listener, open: map[*connection]struct{}{}}
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
		ConnState:                    conns.track,
		ErrorLog:                     slog.NewLogLogger(api.log.Handler(), slog.LevelWarn),
	}

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(conns) }()
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
	conns.stop()
	defer conns.wait()
	if server.Shutdown(ctx) == nil {
		return nil
	}
	if requests := conns.cut(); requests > 0 {
		return cutError{requests}
	}
	return nil
}

// connections are all that are open. They add to http.Server.Shutdown what it lacks: it gives a
// connection without a first request five seconds to send one, closes behind an answer so that the
// answer can be lost, and does not tell how many requests it has left.
type connections struct {
	net.Listener
	stopping atomic.Bool
	ended    sync.WaitGroup
	mu       sync.Mutex
	open     map[*connection]struct{}
}

// Accept wraps the connection, so that it is closed as Close says.
func (c *connections) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &connection{TCPConn: conn.(*net.TCPConn), lingering: &c.ended}, nil
}

// track is the ConnState of the server.
func (c *connections) track(accepted net.Conn, state http.ConnState) {
	conn := accepted.(*connection)
	switch state {
	case http.StateNew:
		c.ended.Add(1)
		c.mu.Lock()
		c.open[conn] = struct{}{}
		c.mu.Unlock()
	case http.StateClosed:
		c.mu.Lock()
		delete(c.open, conn)
		c.mu.Unlock()
		c.ended.Done()
	}
	if c.stopping.Load() && state != http.StateActive {
		conn.Close()
	}
	conn.state.Store(int32(state))
}

// stop closes connections without a request, and others as soon as they are answered.
func (c *connections) stop() {
	c.stopping.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		if !conn.answering() {
			conn.Close()
		}
	}
}

// cut closes all, and tells how many requests that leaves without an answer.
func (c *connections) cut() (requests int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		if !conn.closed.Swap(true) && conn.answering() {
			requests++
		}
		conn.TCPConn.Close()
	}
	return requests
}

// wait gives closed connections a moment to end.
func (c *connections) wait() {
	ended := make(chan struct{})
	go func() {
		c.ended.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(lingerTime):
	}
}

// connection knows whether it is being answered.
type connection struct {
	*net.TCPConn
	lingering *sync.WaitGroup
	state     atomic.Int32
	closed    atomic.Bool
}

func (c *connection) answering() bool {
	return http.ConnState(c.state.Load()) == http.StateActive
}

// Close reads on for a moment after an answer (RFC 9112, 9.6): what the client has sent meanwhile
// and nobody has read would turn the close into a reset, which takes the rest of the answer with it.
func (c *connection) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if !c.answering() || c.CloseWrite() != nil {
		return c.TCPConn.Close()
	}
	c.lingering.Go(func() {
		defer c.TCPConn.Close()
		c.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.Copy(io.Discard, c.TCPConn)
	})
	return nil
}

// Read reads no request from a closed connection.
func (c *connection) Read(into []byte) (int, error) {
	n, err := c.TCPConn.Read(into)
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	return n, err
}
