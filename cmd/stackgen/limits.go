package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/metrics"
	"time"

	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/topology"

	"github.com/spf13/pflag"
)

// limits end the evaluation of a topology that never ends or wants too much
// memory.
type limits struct {
	timeout  time.Duration
	memory   sizeFlag
	maxStack int
}

// usualLimits are those that no flag has changed.
func usualLimits() limits { return limits{timeout: 5 * time.Minute, memory: 4 << 30, maxStack: 500} }

func (l *limits) register(flags *pflag.FlagSet) {
	*l = usualLimits()
	flags.DurationVar(&l.timeout, "timeout", l.timeout, "give up after this `time`")
	flags.Var(&l.memory, "max-memory", "give up when it takes this much memory")
	flags.IntVarP(&l.maxStack, "max-stack", "s", l.maxStack, "the deepest nesting of `calls` in the Jsonnet")
	for _, name := range []string{"max-memory", "max-stack"} {
		flags.Lookup(name).Hidden = true // few need them; stackgen explain jsonnet/limit names them
	}
}

// deepest is a depth of calls that the stack of a goroutine has room for. Beyond that
// the process would end, with no finding.
const deepest = 100_000

// validate refuses limits that nothing can keep to.
func (l *limits) validate() error {
	switch {
	case l.timeout <= 0:
		return fmt.Errorf("--timeout: %v is no time at all", l.timeout)
	case l.maxStack < 1 || l.maxStack > deepest:
		return fmt.Errorf("--max-stack: %d is not a depth from 1 to %d", l.maxStack, deepest)
	}
	return nil
}

// sizeFlag is a flag that takes a size as topologies write it.
type sizeFlag topology.Size

// String implements [pflag.Value].
func (f *sizeFlag) String() string { return topology.Size(*f).String() }

// Type implements [pflag.Value].
func (f *sizeFlag) Type() string { return "size" }

// Set implements [pflag.Value].
func (f *sizeFlag) Set(s string) error {
	size, err := topology.ParseSize(s)
	*f = sizeFlag(size)
	return err
}

// grace is how long an evaluation that was told to stop may take to do so. It does
// not hear it while a function of the standard library is at work.
const grace = 2 * time.Second

// run evaluates within the limits. When they are exceeded the finding says where
// the program was, or, if it does not answer, only that it was this one. It is then
// left alone: it writes nothing, and ends with us.
func (l *limits) run(in schema.Input, work func(schema.Input) error) (exceeded diag.List, err error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(errors.New("the evaluation is over"))
	go l.watch(ctx, cancel)
	in.MaxStack = l.maxStack
	in.Stopped = func() error { return context.Cause(ctx) }
	done := make(chan error, 1)
	go func() { done <- work(in) }()
	select {
	case err := <-done:
		return nil, err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return nil, err
	case <-time.After(grace):
	}
	exceeded = schema.Exceeded(in)
	if info, err := os.Stat(in.File); err != nil || !info.Mode().IsRegular() {
		exceeded[0].Pos = diag.Pos{} // to show a line of a pipe we would wait for it again
	}
	return exceeded, nil
}

// within is run for work of which nothing is left to show when a limit is exceeded: the
// finding is an error then. What work has begun to make may not be looked at.
func (l *limits) within(in schema.Input, work func(schema.Input) error) error {
	exceeded, err := l.run(in, work)
	if exceeded != nil {
		return errors.New(exceeded[0].Message)
	}
	return err
}

// watch cancels when a limit is exceeded, with the reason.
func (l *limits) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	start, tick := time.Now(), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if now.Sub(start) >= l.timeout {
				cancel(fmt.Errorf("the topology was not evaluated in %v (--timeout)", l.timeout))
				return
			}
			if metrics.Read(heap); heap[0].Value.Uint64() > uint64(l.memory) {
				cancel(fmt.Errorf("the evaluation takes more than %v of memory (--max-memory)", &l.memory))
				return
			}
		}
	}
}
