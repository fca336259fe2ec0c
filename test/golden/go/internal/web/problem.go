package web

import (
	"context"
	"encoding/json/v2"
	"errors"
	"net/http"

	"example.com/billing/internal/database"
	"example.com/billing/internal/input"
)

// Problem is the body of every answer of 400 or above (RFC 9457), and an error on the way there.
type Problem struct {
	Type      string       `json:"type"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail"`
	RequestID string       `json:"request_id"`
	Errors    input.Faults `json:"errors,omitempty"`
}

// NewProblem has no type of its own; its detail is read by the client.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

func (p *Problem) Error() string {
	return p.Detail
}

// problemOf is the one table of errors and statuses. An error that it does not know is a fault
// of ours, and no business of the client's.
func problemOf(err error) *Problem {
	if problem, ok := errors.AsType[*Problem](err); ok {
		return problem
	}
	if faults, ok := errors.AsType[input.Faults](err); ok {
		problem := NewProblem(http.StatusUnprocessableEntity, faults.Error())
		problem.Errors = faults
		return problem
	}
	switch {
	case errors.Is(err, database.ErrNotFound):
		return NewProblem(http.StatusNotFound, "there is nothing with this id")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return NewProblem(http.StatusServiceUnavailable, "the request took too long")
	case database.Unavailable(err):
		return NewProblem(http.StatusServiceUnavailable, "the database does not answer")
	}
	return NewProblem(http.StatusInternalServerError, "the service failed")
}

func (p *Problem) write(w http.ResponseWriter) {
	switch p.Status {
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	case http.StatusRequestTimeout:
		w.Header().Set("Connection", "close")
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	send(w, p.Status, "application/problem+json", body)
}
