# make demo   simulate jets, train two detectors in both directions, print what finds what, write a report for each run
# make test   the whole test suite
# make setup  only prepare .venv

VENV := .venv
BIN := $(VENV)/bin
EXTRAS := clouds,firmware,hepmc,lhe,parquet,root,simulate,tables

.PHONY: demo test setup clean
.DEFAULT_GOAL := demo

setup: $(VENV)/.ready

# uv where it is installed, else pip; pip learned --group in 25.1, hence the upgrade.
$(VENV)/.ready: pyproject.toml
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --allow-existing $(VENV) && \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable ".[$(EXTRAS)]" --group dev; \
	else \
	  { python3 -m venv $(VENV) || { echo "make: python3 cannot make a virtual environment. Expected: Python >= 3.11 with venv (Debian: apt install python3-venv) or uv."; exit 1; }; } && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1" && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$(EXTRAS)]" --group dev; \
	fi
	@touch $@

DEMO := --set samples.n_train=3000 --set samples.n_test=2500 --set samples.n_signal=2500

demo: setup
	@$(BIN)/offshell both-ways joint-vae qcd top $(DEMO) --out runs/demo --overwrite
	@$(BIN)/offshell both-ways outlier-exposure qcd top $(DEMO) --out runs/demo --overwrite

test: setup
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile $(PYTEST_ARGS)

clean:
	rm -rf $(VENV) runs
