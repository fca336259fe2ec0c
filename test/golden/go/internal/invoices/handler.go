// Package invoices serves invoices at /v1/invoices.
package invoices

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"uuid"

	"example.com/billing/internal/database"
	"example.com/billing/internal/web"
)

const path = "/v1/invoices"

type handler struct {
	store *Store
}

// Register adds the routes.
func Register(ctx context.Context, api *web.API, db *database.DB) error {
	store, err := NewStore(ctx, db)
	if err != nil {
		return err
	}
	h := handler{store}
	api.Handle("GET "+path, h.list)
	api.Handle("POST "+path, h.create)
	api.Handle("GET "+path+"/{id}", h.get)
	api.Handle("PATCH "+path+"/{id}", h.update)
	api.Handle("DELETE "+path+"/{id}", h.remove)
	return nil
}

func (h handler) list(w http.ResponseWriter, r *http.Request) error {
	page, err := web.ReadPage(r)
	if err != nil {
		return err
	}
	records, err := h.store.List(r.Context(), page.After, page.Limit+1)
	if err != nil {
		return err
	}
	return web.WritePage(w, r, page, records, func(record *Record) uuid.UUID { return record.ID })
}

func (h handler) create(w http.ResponseWriter, r *http.Request) error {
	body, err := web.ReadJSON(r, "application/json")
	if err != nil {
		return err
	}
	var fields Fields
	if err := body.Create(fields.read); err != nil {
		return err
	}
	record, err := h.store.Create(r.Context(), fields)
	if err != nil {
		return err
	}
	w.Header().Set("Location", path+"/"+record.ID.String())
	return write(w, http.StatusCreated, record)
}

func (h handler) get(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r)
	if err != nil {
		return err
	}
	record, err := h.store.Get(r.Context(), id)
	if err != nil {
		return err
	}
	if web.NotModified(w, r, web.ETag(record.version)) {
		return nil
	}
	return write(w, http.StatusOK, record)
}

func (h handler) update(w http.ResponseWriter, r *http.Request) error {
	patch, err := web.ReadJSON(r, "application/merge-patch+json", "application/json")
	if err != nil {
		return err
	}
	id, err := web.PathID(r)
	if err != nil {
		return err
	}
	for {
		record, err := h.store.Get(r.Context(), id)
		if err != nil {
			return err
		}
		if err := web.RequireMatch(r, web.ETag(record.version)); err != nil {
			return err
		}
		fields := record.Fields
		if err := patch.Merge(fields.read); err != nil {
			return err
		}
		if reflect.DeepEqual(fields, record.Fields) {
			return write(w, http.StatusOK, record)
		}
		// Another writer may come between; then the preconditions decide again.
		record, err = h.store.Update(r.Context(), record, fields)
		if errors.Is(err, errStale) {
			continue
		}
		if err != nil {
			return err
		}
		return write(w, http.StatusOK, record)
	}
}

func (h handler) remove(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r)
	if err != nil {
		return err
	}
	for {
		record, err := h.store.Get(r.Context(), id)
		if err != nil {
			return err
		}
		if err := web.CheckMatch(r, web.ETag(record.version)); err != nil {
			return err
		}
		err = h.store.Delete(r.Context(), record)
		if errors.Is(err, errStale) {
			continue
		}
		if err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}

func write(w http.ResponseWriter, status int, record *Record) error {
	w.Header().Set("ETag", web.ETag(record.version))
	return web.WriteJSON(w, status, record)
}
