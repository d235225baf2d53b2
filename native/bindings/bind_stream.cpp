// Streams: audio that is still arriving.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/arrays.hpp"
#include "bindings/call.hpp"
#include "bindings/register.hpp"
#include "speech/stream.hpp"

namespace asrbench::bindings {
namespace {

using speech::Model;
using speech::Stream;
using speech::Streams;

constexpr long kMaxThreads = 256;

std::size_t expect_at_least(long least, long value, const char* name) {
  if (value < least) fail<OptionError>(name, " is ", value, "; expected ", least, " or more");
  return static_cast<std::size_t>(value);
}

std::shared_ptr<Streams> make_streams(std::shared_ptr<Model> model, long threads,
                                      const std::string& language) {
  if (threads < 1 || threads > kMaxThreads) {
    fail<OptionError>("threads is ", threads, "; expected 1 to ", kMaxThreads);
  }
  const py::gil_scoped_release nogil;  // encodes a window of silence where the model keeps none
  return std::make_shared<Streams>(std::move(model), static_cast<std::size_t>(threads), language);
}

// A stream that notices when two threads use it at once.
class OneAtATime {
 public:
  explicit OneAtATime(std::shared_ptr<Streams> streams) : stream_(std::move(streams)) {}

  // The copy of a chunk is too short to be worth giving up the GIL.
  void push(const py::object& pcm) {
    const auto values = borrow_values(pcm, "pcm");
    const Turn turn(*this);
    stream_.push(values);
  }

  void end() {
    const Turn turn(*this);
    stream_.end();
  }

  std::size_t frames() {
    const Turn turn(*this);
    return native_call(std::nullopt, [&](Cancel& cancel) { return stream_.frames(cancel); });
  }

  py::array_t<float> log_mel() {
    const Turn turn(*this);
    return give(native_call(std::nullopt, [&](Cancel& cancel) { return stream_.log_mel(cancel); }));
  }

  void forget(long frames) {
    const std::size_t count = expect_at_least(0, frames, "frames");
    const Turn turn(*this);
    native_call(std::nullopt, [&](Cancel& cancel) { stream_.forget(count, cancel); });
  }

  py::dict decode(const std::vector<int>& standing, long most, long margin,
                  std::optional<double> deadline_s) {
    const speech::Asked asked{standing, expect_at_least(0, most, "most"),
                              expect_at_least(0, margin, "margin")};
    const Turn turn(*this);
    const auto found =
        native_call(deadline_s, [&](Cancel& cancel) { return stream_.decode(asked, cancel); });
    py::dict result;
    result["tokens"] = found.tokens;
    result["probabilities"] = found.probabilities;
    result["frames"] = found.frames;
    result["avg_log_prob"] = found.avg_log_prob;
    result["no_speech_prob"] = found.no_speech_prob;
    return result;
  }

 private:
  class Turn {
   public:
    explicit Turn(OneAtATime& stream) : stream_(stream) {
      if (stream_.busy_.exchange(true)) {
        fail<OptionError>("the stream is in use by another thread; expected one thread at a time");
      }
    }
    ~Turn() { stream_.busy_.store(false); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    OneAtATime& stream_;
  };

  Stream stream_;
  std::atomic<bool> busy_{false};
};

}  // namespace

void register_stream(py::module_& module) {
  using py::literals::operator""_a;
  py::class_<Streams, std::shared_ptr<Streams>>(module, "Streams",
                                                "What the streams of a model share.")
      .def(py::init(&make_streams), "model"_a.none(false), "threads"_a = 1, "language"_a = "en")
      .def_property_readonly(
          "timestamp_begin",
          [](const Streams& streams) { return streams.model().tokenizer.timestamp_begin; },
          "The token of 0.00 s.");
  py::class_<OneAtATime>(module, "Stream", "Audio that is still arriving.")
      .def(py::init<std::shared_ptr<Streams>>(), "streams"_a.none(false))
      .def("push", &OneAtATime::push, "pcm"_a, "Copy the next pcm.")
      .def("end", &OneAtATime::end, "No pcm comes any more.")
      .def("frames", &OneAtATime::frames, "The mel frames at hand.")
      .def("log_mel", &OneAtATime::log_mel, "The mel frames at hand, time first.")
      .def("forget", &OneAtATime::forget, "frames"_a, "Drop the first mel frames.")
      .def("decode", &OneAtATime::decode, "standing"_a, "most"_a, "margin"_a = 248,
           "deadline_s"_a = py::none(), "What is said behind the tokens that stand.");
}

}  // namespace asrbench::bindings
