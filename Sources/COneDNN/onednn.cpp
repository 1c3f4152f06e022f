#include "include/COneDNN.h"

#ifdef LATENT_HAS_ONEDNN

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#if __has_include(<oneapi/dnnl/dnnl.hpp>)
#include <oneapi/dnnl/dnnl.hpp>
#else
#include <dnnl.hpp>
#endif

// Version 2 describes an operation first and asks the engine for an implementation then; version 3
// does both at once.
#if DNNL_VERSION_MAJOR >= 3
#define DESCRIBE(operation, ...) \
  dnnl::operation::primitive_desc(engine(), __VA_ARGS__, user_scratchpad())
#define DESCRIBE_BACKWARD(operation, hint, ...) \
  dnnl::operation::primitive_desc(engine(), __VA_ARGS__, hint, user_scratchpad())
#else
#define DESCRIBE(operation, ...) \
  dnnl::operation::primitive_desc( \
    dnnl::operation::desc(__VA_ARGS__), user_scratchpad(), engine())
#define DESCRIBE_BACKWARD(operation, hint, ...) \
  dnnl::operation::primitive_desc( \
    dnnl::operation::desc(__VA_ARGS__), user_scratchpad(), engine(), hint)
#endif

using dnnl::memory;
using tag = memory::format_tag;
constexpr auto f32 = memory::data_type::f32;

namespace {

const dnnl::engine &engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

dnnl::primitive_attr user_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

/// Memory for one run of any operation, kept for the next: reordered operands and scratchpads.
class Workspace {
 public:
  ~Workspace() { std::free(memory_); }

  char *at_least(size_t size) {
    if (size > size_) {
      std::free(memory_);
      memory_ = nullptr;
      size_ = 0;
      void *fresh = nullptr;
      if (posix_memalign(&fresh, 4096, size) != 0) throw std::bad_alloc();
      memory_ = static_cast<char *>(fresh);
      size_ = size;
    }
    return memory_;
  }

 private:
  char *memory_ = nullptr;
  size_t size_ = 0;
};

thread_local Workspace workspace;

memory::desc plain(const memory::dims &dims, tag format) { return {dims, f32, format}; }

memory::desc open(const memory::dims &dims) { return {dims, f32, tag::any}; }

memory::dim dim(size_t extent) { return static_cast<memory::dim>(extent); }

}  // namespace

struct latent_onednn_operation {
  using Arguments = std::unordered_map<int, memory>;

  dnnl::stream stream{engine()};
  std::string implementation;
  size_t reorders = 0, reordered_bytes = 0;

  /// Binds an operand that the caller holds as `plain` at `elements` and the primitive takes as
  /// `wanted`.
  memory input(const memory::desc &plain, const float *elements, const memory::desc &wanted) {
    memory outside(plain, engine(), const_cast<float *>(elements));
    if (plain == wanted) return outside;
    memory inside = temporary(wanted);
    count_reorder(plain, wanted);
    steps_.push_back({dnnl::reorder(outside, inside), {{DNNL_ARG_FROM, outside}, {DNNL_ARG_TO, inside}}});
    return inside;
  }

  /// Binds the result, which is reordered after the primitive where layouts differ.
  memory output(const memory::desc &plain, float *elements, const memory::desc &wanted) {
    memory outside(plain, engine(), elements);
    if (plain == wanted) return outside;
    memory inside = temporary(wanted);
    count_reorder(plain, wanted);
    after_.push_back({dnnl::reorder(inside, outside), {{DNNL_ARG_FROM, inside}, {DNNL_ARG_TO, outside}}});
    return inside;
  }

  template <typename Description>
  void finish(const Description &description, dnnl::primitive primitive, Arguments arguments) {
    implementation = description.impl_info_str();
    if (description.scratchpad_desc().get_size() > 0)
      arguments.insert({DNNL_ARG_SCRATCHPAD, temporary(description.scratchpad_desc())});
    steps_.push_back({std::move(primitive), std::move(arguments)});
    for (auto &step : after_) steps_.push_back(std::move(step));
    after_.clear();
  }

  void run() {
    char *base = workspace.at_least(size_);
    if (base != base_) {
      for (auto &part : temporaries_) part.first.set_data_handle(base + part.second);
      base_ = base;
    }
    for (auto &step : steps_) step.primitive.execute(stream, step.arguments);
    stream.wait();
  }

 private:
  void count_reorder(const memory::desc &a, const memory::desc &b) {
    reorders++;
    reordered_bytes += a.get_size() + b.get_size();
  }

  struct Step {
    dnnl::primitive primitive;
    Arguments arguments;
  };

  memory temporary(const memory::desc &desc) {
    memory part(desc, engine(), nullptr);
    temporaries_.push_back({part, size_});
    size_ += (desc.get_size() + 4095) / 4096 * 4096;
    return part;
  }

  std::vector<Step> steps_, after_;
  std::vector<std::pair<memory, size_t>> temporaries_;
  size_t size_ = 0;
  char *base_ = nullptr;
};

namespace {

enum latent_onednn_status report(char *message, const char *text) {
  std::snprintf(message, latent_onednn_message_size, "oneDNN: %s", text);
  return LATENT_ONEDNN_FAILED;
}

/// Runs `body`, turning exceptions into a status and a message.
template <typename Body>
enum latent_onednn_status guarded(char *message, Body body) {
  try {
    body();
    return LATENT_ONEDNN_OK;
  } catch (const dnnl::error &error) {
    if (error.status == dnnl_unimplemented) {
      report(message, "no implementation for these shapes");
      return LATENT_ONEDNN_UNAVAILABLE;
    }
    if (error.status == dnnl_out_of_memory) return report(message, "out of memory");
    return report(message, error.what());
  } catch (const std::bad_alloc &) {
    return report(message, "out of memory");
  } catch (const std::exception &error) {
    return report(message, error.what());
  } catch (...) {
    return report(message, "unknown error");
  }
}

/// Builds an operation with `body`; on failure there is none.
template <typename Body>
enum latent_onednn_status make(latent_onednn_operation **result, char *message, Body body) {
  *result = nullptr;
  latent_onednn_operation *operation = nullptr;
  auto status = guarded(message, [&] {
    operation = new latent_onednn_operation;
    body(*operation);
  });
  if (status == LATENT_ONEDNN_OK) {
    *result = operation;
  } else {
    delete operation;
  }
  return status;
}

/// A convolution in oneDNN's terms.
struct Geometry {
  explicit Geometry(const latent_onednn_convolution &c)
      : strides{dim(c.stride), dim(c.stride)},
        dilations{dim(c.dilation) - 1, dim(c.dilation) - 1},
        before{dim(c.top), dim(c.left)},
        after{dim(c.bottom), dim(c.right)},
        x{dim(c.images), dim(c.channels), dim(c.height), dim(c.width)},
        y{dim(c.images), dim(c.outputs), dim(c.rows), dim(c.columns)} {
    memory::dim outputs = dim(c.outputs / c.groups), channels = dim(c.channels / c.groups);
    memory::dim kh = dim(c.kernel_height), kw = dim(c.kernel_width);
    if (c.groups > 1) {
      w = {dim(c.groups), outputs, channels, kh, kw};
      turned = {dim(c.groups), channels, outputs, kh, kw};
    } else {
      w = {outputs, channels, kh, kw};
      turned = {channels, outputs, kh, kw};
    }
    weight_tag = c.groups > 1 ? tag::goihw : tag::oihw;
    turned_tag = c.groups > 1 ? tag::giohw : tag::iohw;
  }

  memory::dims strides, dilations, before, after, x, y, w;
  /// The weights' dims with inputs and outputs exchanged, as a deconvolution counts them.
  memory::dims turned;
  tag weight_tag, turned_tag;
};

constexpr auto direct = dnnl::algorithm::convolution_direct;

}  // namespace

const char *latent_onednn_version(void) {
  static char text[48];
  static const bool written = [] {
    const dnnl_version_t *version = dnnl_version();
    std::snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
    return true;
  }();
  (void)written;
  return text;
}

enum latent_onednn_status latent_onednn_make_product(
  const struct latent_onednn_product *p, latent_onednn_operation **result, char *message) {
  return make(result, message, [&](latent_onednn_operation &operation) {
    memory::dim rows = dim(p->rows), columns = dim(p->columns), depth = dim(p->depth);
    auto matrix = [](memory::dim rows, memory::dim columns, size_t pitch, bool transposed) {
      memory::dims strides{dim(pitch), 1};
      if (transposed) std::swap(strides[0], strides[1]);
      return memory::desc({rows, columns}, f32, strides);
    };
    auto a = matrix(rows, depth, p->a_pitch, p->transpose_a);
    auto b = matrix(depth, columns, p->b_pitch, p->transpose_b);
    auto c = matrix(rows, columns, p->c_pitch, false);
    latent_onednn_operation::Arguments arguments = {
      {DNNL_ARG_SRC, operation.input(a, p->a, a)},
      {DNNL_ARG_WEIGHTS, operation.input(b, p->b, b)},
      {DNNL_ARG_DST, operation.output(c, p->c, c)}};
    if (p->bias) {
      auto bias = plain({1, columns}, tag::ab);
      auto description = DESCRIBE(matmul, a, b, bias, c);
      arguments.insert({DNNL_ARG_BIAS, operation.input(bias, p->bias, bias)});
      operation.finish(description, dnnl::matmul(description), arguments);
    } else {
      auto description = DESCRIBE(matmul, a, b, c);
      operation.finish(description, dnnl::matmul(description), arguments);
    }
  });
}

enum latent_onednn_status latent_onednn_make_convolution(
  const struct latent_onednn_convolution *c, latent_onednn_operation **result, char *message) {
  return make(result, message, [&](latent_onednn_operation &operation) {
    Geometry g(*c);
    auto bias = c->bias ? plain({dim(c->outputs)}, tag::a) : memory::desc();
    auto description = DESCRIBE(
      convolution_forward, dnnl::prop_kind::forward_training, direct, open(g.x), open(g.w), bias,
      open(g.y), g.strides, g.dilations, g.before, g.after);
    latent_onednn_operation::Arguments arguments = {
      {DNNL_ARG_SRC, operation.input(plain(g.x, tag::nchw), c->x, description.src_desc())},
      {DNNL_ARG_WEIGHTS,
       operation.input(plain(g.w, g.weight_tag), c->w, description.weights_desc())},
      {DNNL_ARG_DST, operation.output(plain(g.y, tag::nchw), c->y, description.dst_desc())}};
    if (c->bias) arguments.insert({DNNL_ARG_BIAS, operation.input(bias, c->bias, bias)});
    operation.finish(description, dnnl::convolution_forward(description), arguments);
  });
}

enum latent_onednn_status latent_onednn_make_convolution_transposed(
  const struct latent_onednn_convolution *c, latent_onednn_operation **result, char *message) {
  return make(result, message, [&](latent_onednn_operation &operation) {
    Geometry g(*c);
    if (!c->bias) {
      auto forward = DESCRIBE(
        convolution_forward, dnnl::prop_kind::forward_training, direct, open(g.x), open(g.w),
        open(g.y), g.strides, g.dilations, g.before, g.after);
      auto description = DESCRIBE_BACKWARD(
        convolution_backward_data, forward, direct, open(g.x), open(g.w), open(g.y), g.strides,
        g.dilations, g.before, g.after);
      operation.finish(
        description, dnnl::convolution_backward_data(description),
        {{DNNL_ARG_DIFF_DST,
          operation.input(plain(g.y, tag::nchw), c->y, description.diff_dst_desc())},
         {DNNL_ARG_WEIGHTS,
          operation.input(plain(g.w, g.weight_tag), c->w, description.weights_desc())},
         {DNNL_ARG_DIFF_SRC,
          operation.output(plain(g.x, tag::nchw), c->x, description.diff_src_desc())}});
      return;
    }
    auto bias = plain({dim(c->channels)}, tag::a);
    auto description = DESCRIBE(
      deconvolution_forward, dnnl::prop_kind::forward_training,
      dnnl::algorithm::deconvolution_direct, open(g.y), open(g.turned), bias, open(g.x),
      g.strides, g.dilations, g.before, g.after);
    operation.finish(
      description, dnnl::deconvolution_forward(description),
      {{DNNL_ARG_SRC, operation.input(plain(g.y, tag::nchw), c->y, description.src_desc())},
       {DNNL_ARG_WEIGHTS,
        operation.input(plain(g.turned, g.turned_tag), c->w, description.weights_desc())},
       {DNNL_ARG_BIAS, operation.input(bias, c->bias, bias)},
       {DNNL_ARG_DST, operation.output(plain(g.x, tag::nchw), c->x, description.dst_desc())}});
  });
}

enum latent_onednn_status latent_onednn_make_convolution_weight_gradient(
  const struct latent_onednn_convolution *c, latent_onednn_operation **result, char *message) {
  return make(result, message, [&](latent_onednn_operation &operation) {
    Geometry g(*c);
    auto forward = DESCRIBE(
      convolution_forward, dnnl::prop_kind::forward_training, direct, open(g.x), open(g.w),
      open(g.y), g.strides, g.dilations, g.before, g.after);
    auto description = DESCRIBE_BACKWARD(
      convolution_backward_weights, forward, direct, open(g.x), open(g.w), open(g.y), g.strides,
      g.dilations, g.before, g.after);
    operation.finish(
      description, dnnl::convolution_backward_weights(description),
      {{DNNL_ARG_SRC, operation.input(plain(g.x, tag::nchw), c->x, description.src_desc())},
       {DNNL_ARG_DIFF_DST,
        operation.input(plain(g.y, tag::nchw), c->y, description.diff_dst_desc())},
       {DNNL_ARG_DIFF_WEIGHTS,
        operation.output(plain(g.w, g.weight_tag), c->w, description.diff_weights_desc())}});
  });
}

enum latent_onednn_status latent_onednn_run(latent_onednn_operation *operation, char *message) {
  return guarded(message, [&] { operation->run(); });
}

void latent_onednn_free(latent_onednn_operation *operation) { delete operation; }

const char *latent_onednn_implementation(const latent_onednn_operation *operation) {
  return operation->implementation.c_str();
}

size_t latent_onednn_reorders(const latent_onednn_operation *operation, size_t *bytes) {
  *bytes = operation->reordered_bytes;
  return operation->reorders;
}

#else

#include <cstdio>

namespace {

enum latent_onednn_status unavailable(char *message) {
  std::snprintf(message, latent_onednn_message_size, "oneDNN is not compiled in");
  return LATENT_ONEDNN_UNAVAILABLE;
}

}  // namespace

const char *latent_onednn_version(void) { return nullptr; }

enum latent_onednn_status latent_onednn_make_product(
  const struct latent_onednn_product *, latent_onednn_operation **, char *message) {
  return unavailable(message);
}

enum latent_onednn_status latent_onednn_make_convolution(
  const struct latent_onednn_convolution *, latent_onednn_operation **, char *message) {
  return unavailable(message);
}

enum latent_onednn_status latent_onednn_make_convolution_transposed(
  const struct latent_onednn_convolution *, latent_onednn_operation **, char *message) {
  return unavailable(message);
}

enum latent_onednn_status latent_onednn_make_convolution_weight_gradient(
  const struct latent_onednn_convolution *, latent_onednn_operation **, char *message) {
  return unavailable(message);
}

enum latent_onednn_status latent_onednn_run(latent_onednn_operation *, char *message) {
  return unavailable(message);
}

void latent_onednn_free(latent_onednn_operation *) {}

const char *latent_onednn_implementation(const latent_onednn_operation *) { return ""; }

size_t latent_onednn_reorders(const latent_onednn_operation *, size_t *bytes) {
  *bytes = 0;
  return 0;
}

#endif
