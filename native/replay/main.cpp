// The recognizer without Python: for Valgrind, callgrind, perf and the sanitizers.
//
//   replay MODEL_FOLDER [--threads N] [--repeat N] [--precision float32|int16|int8] FILE...
//
// Prints a line for each file: its text, and the seconds it took on standard error.
// Exit: 0 well, 1 a file was refused, 3 the model was, 64 wrong usage.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/mapped_file.hpp"
#include "kernels/choose.hpp"
#include "replay/wav.hpp"
#include "speech/recognizer.hpp"

namespace asrbench::replay {
namespace {

constexpr int kRefused = 1;
constexpr int kNoModel = 3;
constexpr int kUsage = 64;

struct Arguments {
  std::string folder;
  std::size_t threads = 1;
  std::size_t repeat = 1;
  kernels::Precision precision = kernels::Precision::kFloat32;
  speech::Windows windows = speech::Windows::kFull;
  std::vector<std::string> files;
};

std::size_t count_of(std::string_view option, std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > 256) {
    fail<OptionError>(option, " is \"", text, "\"; expected 1 to 256");
  }
  return value;
}

Arguments parse(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--threads" && i + 1 < words.size()) {
      arguments.threads = count_of(words[i], words[i + 1]);
      ++i;
    } else if (words[i] == "--repeat" && i + 1 < words.size()) {
      arguments.repeat = count_of(words[i], words[i + 1]);
      ++i;
    } else if (words[i] == "--precision" && i + 1 < words.size()) {
      arguments.precision = kernels::precision_of(words[i + 1]);
      ++i;
    } else if (words[i] == "--cached") {
      arguments.windows = speech::Windows::kCached;
    } else if (words[i].starts_with("--")) {
      fail<OptionError>("option is ", words[i],
                        "; expected --threads, --repeat, --precision or --cached");
    } else if (arguments.folder.empty()) {
      arguments.folder = words[i];
    } else {
      arguments.files.push_back(words[i]);
    }
  }
  if (arguments.files.empty()) {
    fail<OptionError>(
        "usage: replay MODEL_FOLDER [--threads N] [--repeat N] [--precision P] [--cached] FILE...");
  }
  return arguments;
}

std::shared_ptr<const speech::Model> load(const Arguments& arguments) {
  const std::string& folder = arguments.folder;
  const MappedFile model(folder + "/model.bin");
  const MappedFile config(folder + "/config.json");
  const bool lines = std::filesystem::exists(folder + "/vocabulary.txt");
  const MappedFile vocabulary(folder + (lines ? "/vocabulary.txt" : "/vocabulary.json"));
  return std::make_shared<speech::Model>(
      model.bytes(), config.text(), vocabulary.text(),
      speech::Computing{&kernels::chosen(), arguments.precision, arguments.windows});
}

void transcribe(speech::Recognizer& recognizer, const std::string& path) {
  const std::vector<float> pcm = read_audio(path);
  Cancel cancel;
  const auto start = Cancel::Clock::now();
  const auto transcript = recognizer.transcribe(pcm, {}, cancel);
  const std::chrono::duration<double> took = Cancel::Clock::now() - start;
  for (const auto& segment : transcript.segments) std::cout << segment.text;
  std::cout << std::endl;
  std::cerr << path << ": " << took.count() << " s for "
            << static_cast<double>(pcm.size()) / speech::kRateHz << " s of audio\n";
}

int run(const std::vector<std::string>& words) {
  Arguments arguments;
  try {
    arguments = parse(words);
  } catch (const OptionError& error) {
    std::cerr << error.what() << "\n";
    return kUsage;
  }
  std::unique_ptr<speech::Recognizer> recognizer;
  try {
    recognizer = std::make_unique<speech::Recognizer>(load(arguments), arguments.threads);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return kNoModel;
  }
  int outcome = 0;
  for (std::size_t round = 0; round < arguments.repeat; ++round) {
    for (const auto& path : arguments.files) {
      try {
        transcribe(*recognizer, path);
      } catch (const Error& error) {
        std::cerr << path << ": " << error.what() << "\n";
        outcome = kRefused;
      }
    }
  }
  return outcome;
}

}  // namespace
}  // namespace asrbench::replay

int main(int count, char** words) {
  try {
    return asrbench::replay::run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return asrbench::replay::kNoModel;
  }
}
