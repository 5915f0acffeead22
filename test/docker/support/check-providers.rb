# Has Vagrant read the Vagrantfile of each folder, and each provider that it knows and the file has a block for check it
# with its own class of settings. Starts nothing, and needs no program of any provider. Prints JSON: a row for each
# machine and block.
#
#   ruby check-providers.rb FOLDER…
#
# VAGRANT_PROVIDER_PLUGINS: folders of more plug-ins, as their gems have them, with a colon between them.
require 'json'
require 'tmpdir'
require 'vagrant'
require 'vagrant-libvirt'

ENV.fetch('VAGRANT_PROVIDER_PLUGINS', '').split(':').each do |folder|
  $LOAD_PATH.unshift(File.join(folder, 'lib'))
  require Dir[File.join(folder, 'lib', 'vagrant-*.rb')].fetch(0)
end

# What `vagrant validate --ignore-provider` does (plugins/commands/validate/command.rb), so that a provider whose program
# is not here counts as usable. It then leaves their settings unchecked, which is what this is for.
manager = Vagrant.plugin('2').manager
manager.providers.each do |_, (provider, _)|
  provider.class_eval do
    def initialize(_machine); end
    def machine_id_changed; end
    def self.installed? = true
    def self.usable?(_raise_error = false) = true

    def state
      Vagrant::MachineState.new(Vagrant::MachineState::NOT_CREATED_ID, 'not created', 'not created')
    end
  end
end

# What the flags of commands were given, in the order of the flags.
customized = lambda do |config, flags|
  commands = config.customizations.map(&:last)
  flags.map { |flag| commands.find { |command| command.include?(flag) }&.last }
end

# CPUs, and memory in MB, of which a provider would make a machine.
SIZES = {
  virtualbox: ->(config) { customized.call(config, %w[--cpus --memory]) },
  libvirt: ->(config) { [config.cpus, config.memory] },
  parallels: ->(config) { customized.call(config, %w[--cpus --memsize]) },
  vmware_desktop: ->(config) { config.vmx.values_at('numvcpus', 'memsize') }
}.freeze

check = lambda do |machine|
  errors = machine.config.validate(machine).values.flatten
  { errors: errors, size: SIZES.fetch(machine.provider_name).call(machine.provider_config).map(&:to_s) }
end

rows = ARGV.flat_map do |folder|
  Dir.mktmpdir do |data|
    env = Vagrant::Environment.new(cwd: folder, home_path: File.join(data, 'home'), local_data_path: data)
    blocks = env.vagrantfile.config.vm.instance_variable_get(:@__providers).keys
    env.machine_names.product(blocks).map do |name, provider|
      row = { folder: folder, machine: name, provider: provider }
      manager.provider_configs.key?(provider) ? row.merge(check.call(env.machine(name, provider))) : row
    end
  end
end
puts JSON.generate(rows)
