// Clocks a design once for every row of a file of input wires and writes its output wires after every edge.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "Vtrigger.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

using Row = std::vector<char>;

template <typename Port> void drive(Port &port, const Row &row) {
    std::memcpy(&port, row.data(), std::min(sizeof(port), row.size()));
}

template <typename Port> void read(const Port &port, Row &row) {
    std::memcpy(row.data(), &port, std::min(sizeof(port), row.size()));
}

int main(int, char **argv) {
    std::ifstream inputs(argv[1], std::ios::binary);
    std::ofstream outputs(argv[2], std::ios::binary);
    Row taken(std::stoul(argv[3])), given(std::stoul(argv[4]));
    const auto context = std::make_unique<VerilatedContext>();
    context->randReset(2);  // registers start with random contents: a pipeline must not depend on them
    context->randSeed(1);
    Vtrigger design{context.get()};
#if VM_TRACE
    context->traceEverOn(true);
    VerilatedVcdC wave;
    design.trace(&wave, 99);
    wave.open(argv[5]);
#endif
    for (uint64_t clock = 0; inputs.read(taken.data(), taken.size()); ++clock) {
        design.clk = 0;
        drive(design.model_inp, taken);
        design.eval();
        design.clk = 1;
        design.eval();
        read(design.model_out, given);
        outputs.write(given.data(), given.size());
#if VM_TRACE
        wave.dump(clock);
#endif
    }
    design.final();
    outputs.close();
    return outputs.good() ? 0 : 1;
}
