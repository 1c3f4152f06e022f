// Trains a small model for twenty steps.
//
//   learn FOLDER model.safetensors

import LatentVAE

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2 else { fatalError("usage: learn FOLDER MODEL") }

var options = TrainingOptions(.aevb)
options.configure = { configuration in
  configuration.flat?.latents = 4
  configuration.flat?.network = .mlp(hidden: [64], activation: .tanh)
}
options.data.augmentation.binarization = .dynamic
options.training.batchSize = 8
options.training.limit = .steps(20)
options.training.seed = 4

let model = try Model.train(on: [arguments[0]], options: options) { report in
  print("step \(report.step): bound \(report.bound.bound)")
}
try model.write(to: arguments[1])
